import Foundation
import XCTest

/// Whoever is woken by a metric or a line of the log finds it in the README's part for operators.
final class RunbookTests: XCTestCase {
    private static let minPhraseCharacters = 8

    private func runbook() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let begin = try XCTUnwrap(text.range(of: "### Operating it\n"))
        let end = try XCTUnwrap(text.range(of: "\n## ", range: begin.upperBound..<text.endIndex))
        return String(text[begin.upperBound..<end.lowerBound])
    }

    func testEveryMetricIsExplained() throws {
        let runbook = try runbook()
        var names: Set<String> = []
        for file in try SourceFile.all(below: "Sources/Bot") {
            names.formUnion(file.text.matches(of: #/"(iterapp_[a-z_]+)"/#).map { String($0.1) })
        }
        XCTAssertGreaterThan(names.count, 20, "the measure finds no metrics any more")
        for name in names.sorted() { XCTAssertTrue(runbook.contains("`\(name)`"), "\(name) is not in the README") }
        // And nothing is explained that is not there.
        let explained = Set(runbook.matches(of: #/`(iterapp_[a-z_]+)`/#).map { String($0.1) })
        XCTAssertEqual(explained.subtracting(names), [])
    }

    func testEveryWarningAndErrorIsExplained() throws {
        let runbook = try runbook()
        let phrases = try Self.phrases(in: runbook)
        var count = 0
        for file in try SourceFile.all(below: "Sources") where !file.path.contains("/Sandbox/") {
            for complaint in Self.complaints(in: file.text) {
                count += 1
                XCTAssertTrue(
                    phrases.contains { complaint.contains($0) },
                    "\(file.path): no phrase of the README's is in \"\(complaint)\"")
            }
        }
        XCTAssertGreaterThan(count, 50, "the measure finds no complaints any more")
    }

    func testTheMeasureFindsWhatIsSaid() {
        let source = #"""
            log.info("all is well: \(name)")
            log.warning("the lamp \(name) is "
                + "broken: \(cause)")
            log.error("\(problem)")
            log.error(line)
            """#
        XCTAssertEqual(Self.complaints(in: source), ["the lamp x is broken: x"])
    }

    /// In the first column of the table of lines; `…` stands for what is interpolated.
    private static func phrases(in runbook: String) throws -> Set<String> {
        let begin = try XCTUnwrap(runbook.range(of: "#### Log lines\n"))
        let end = try XCTUnwrap(runbook.range(of: "\n#### ", range: begin.upperBound..<runbook.endIndex))
        let cells = runbook[begin.upperBound..<end.lowerBound].split(separator: "\n").filter { $0.hasPrefix("| `") }
            .compactMap { $0.split(separator: "|").first }
        let phrases = cells.flatMap { $0.matches(of: #/`([^`]+)`/#) }.map { String($0.1).replacing("…", with: "x") }
        for phrase in phrases { XCTAssertGreaterThanOrEqual(phrase.count, minPhraseCharacters, phrase) }
        return Set(phrases)
    }

    /// What each `log.warning(…)` and `log.error(…)` says, with `x` for what is interpolated. What says nothing of its
    /// own, as it passes somebody else's sentence on, is left out.
    private static func complaints(in source: String) -> [String] {
        source.matches(of: #/log\.(?:warning|error)\(/#).compactMap { match in
            let rest = source[match.range.upperBound...].prefix(1_000)
            let end = rest.firstRange(of: "log.")?.lowerBound ?? rest.endIndex
            let literals = LiteralScanner.literals(in: String(source[match.range.lowerBound..<end]))
            let said = literals.prefix { $0.isLogged }.map(\.text).joined()
            let own = said.split(separator: " ").filter { $0.contains { $0.isLetter && $0 != "x" } }
            return own.joined(separator: " ").count < minPhraseCharacters ? nil : said
        }
    }
}
