import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// Many known values: each is found, and none makes a text slow.
final class KnownSecretsTests: XCTestCase {
    /// Half of them begin alike, as those of one issuer do.
    private static func secrets(_ count: Int) -> [String] {
        var random = SeededRandom(seed: 7)
        return (0..<count).map { number in
            let letters = (0..<20).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random) ?? "a" }
            return (number % 2 == 0 ? "company-secret-" : "") + String(letters)
        }
    }

    func testTheLongestOfThoseThatBeginAlikeIsFound() {
        let mask = SecretMask(["abcdef", "abcdefgh", "abcdefghij", "abcdefgz", "abcdeg-x"])
        for (text, expected) in [
            ("abcdefghij", "•••"), ("abcdefghi", "•••i"), ("abcdefgzz", "•••z"), ("abcdefgy", "•••gy"),
            ("abcdeabcdefabcdeg-x!", "abcde••••••!"), ("abcdeg-", "abcdeg-"), ("bcdefgh", "bcdefgh"),
        ] { XCTAssertEqual(mask.masked(text), expected, text) }
    }

    /// By comparison with a search that tries every value everywhere.
    func testItFindsWhatASimpleSearchFinds() {
        var random = SeededRandom(seed: 11)
        func word(_ count: ClosedRange<Int>) -> String {
            String((0..<Int.random(in: count, using: &random)).map { _ in "ab".randomElement(using: &random) ?? "a" })
        }
        for _ in 0..<50 {
            let secrets = (0..<12).map { _ in word(6...14) }
            let mask = SecretMask(secrets)
            let text = Array(word(200...200))
            var (expected, index) = ("", 0)
            while index < text.count {
                let found = secrets.filter { text[index...].starts(with: $0) }.map(\.count).max()
                expected += found == nil ? String(text[index]) : SecretMask.mark
                index += found ?? 1
            }
            XCTAssertEqual(mask.masked(String(text)), expected, "\(secrets)")
        }
    }

    func testAHundredThousandValuesCostHardlyMoreThanAHundred() {
        // Each in ten forms.
        let all = Self.secrets(10_000)
        let (few, many) = (SecretMask(Array(all.prefix(10))), SecretMask())
        let learning = ContinuousClock().measure { many.learn(all) }
        let line = "2026-11-21T12:00:00Z GET /company/secrets?page=7 200 company-secret-less words, 12.5 ms\n"
        let text = String(repeating: line, count: 2_000) + all[9_998] + "\n" + all[9_999]
        let known = all[9_998]
        func time(_ mask: SecretMask, _ expectsHidden: Bool) -> Duration {
            (0..<3).map { _ in
                ContinuousClock().measure {
                    XCTAssertEqual(mask.masked(text).contains(known), !expectsHidden)
                }
            }.min() ?? .zero
        }
        let (short, long) = (time(few, false), time(many, true))
        print("\(text.utf8.count) bytes: \(short) with 100 values, \(long) with 100,000; learned in \(learning)")
        XCTAssertLessThan(long, short * 5 + .milliseconds(20))
        // One by one, as deploys open them.
        let next = ContinuousClock().measure { for number in 0..<100 { many.learn(["company-secret-next-\(number)"]) } }
        print("100 more, one by one: \(next)")
        XCTAssertLessThan(next, .milliseconds(500))
        XCTAssertEqual(many.masked("company-secret-next-99"), "•••")
    }

    func testSecretsAreHiddenInJSONAndInLines() {
        let secret = "first line of it \"quoted\" & <more>\nsecond line, long enough\nend"
        let mask = SecretMask([secret])
        for text in [
            "{\"text\":\"first line of it \\\"quoted\\\" & <more>\\nsecond line, long enough\\nend\"}",
            "{\"text\":\"first line of it \\\"quoted\\\" &amp; &lt;more&gt;\\nsecond line, long enough\\nend\"}",
        ] { XCTAssertEqual(mask.masked(text), "{\"text\":\"•••\"}") }
        XCTAssertEqual(mask.masked("#7 0.1 second line, long enough"), "#7 0.1 •••")
        XCTAssertEqual(mask.masked("the end"), "the end")
    }
}
