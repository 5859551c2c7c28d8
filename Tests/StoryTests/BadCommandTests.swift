import Foundation
import TestSupport
import XCTest

/// Commands that can't be taken as they are: the sender, and nobody else, reads why and what to do.
final class BadCommandTests: XCTestCase {
    private static let shared = SharedDemo()
    override class func tearDown() { shared.end() }

    private static let usages = """
        These are the commands:
        • `/iterapp deploy <app> <environment> <branch>`
        • `/iterapp build <app> [<environment>] <branch>`
        • `/iterapp cancel <app> [<environment>]`
        • `/iterapp approve <app> <environment>`
        • `/iterapp status [<app>]`
        • `/iterapp apps`
        • `/iterapp register <repo>`
        • `/iterapp deregister <app>`
        • `/iterapp audit <app>`
        • `/iterapp help [command]`
        """
    private static let deploy = "Usage: `/iterapp deploy <app> <environment> <branch>`"
    private static let register = "Usage: `/iterapp register <repo>`"

    /// Sends each, wants that answer, and wants nothing else to happen.
    private func refuse(_ cases: [(text: String, answer: String)]) async throws {
        let demo = try await Self.shared.get()
        let before = try DemoRecords(of: demo)
        for (text, answer) in cases {
            let given = try await demo.command(text)
            XCTAssertEqual(given.status, 200, text)
            XCTAssertEqual(given.text, answer, String(text.prefix(100)))
        }
        let after = try DemoRecords(of: demo)
        XCTAssertEqual(after.operations.count, before.operations.count)
        XCTAssertEqual(after.messages.count, before.messages.count)
    }

    func testUnknownWords() async throws {
        try await refuse([
            ("depoly cats test main", "I don't know the command `depoly`. Did you mean `deploy`?\n\(Self.deploy)"),
            ("frobnicate", "I don't know the command `frobnicate`.\n\(Self.usages)"),
            (
                "deploy cats staging main",
                "I don't know the environment `staging`. There are `prod`, `test` and `snap0` … `snap9`.\n"
                    + Self.deploy
            ),
            (
                "deploy cats tset main",
                "I don't know the environment `tset`. Did you mean `test`? There are `prod`, `test` and "
                    + "`snap0` … `snap9`.\n\(Self.deploy)"
            ),
            (
                "deploy cats main test",
                "The environment comes before the branch. Did you mean `/iterapp deploy cats test main`?\n"
                    + Self.deploy
            ),
            ("deploy cats", "Where should `cats` go, and which branch?\n\(Self.deploy)"),
            ("deploy cats test main now", "I don't know what to do with `now`.\n\(Self.deploy)"),
            ("deploy cats test #x", "`#x` is no release. Releases are numbers, as in `#12`.\n\(Self.deploy)"),
        ])
    }

    func testAMegabyteOfText() async throws {
        try await refuse([
            (
                String(repeating: "x", count: 1 << 20),
                "That is too long for a command (1048576 bytes; 1000 are the limit).\n\(Self.usages)"
            ),
            (
                String(repeating: "🐈", count: 1 << 18),
                "That is too long for a command (1048576 bytes; 1000 are the limit).\n\(Self.usages)"
            ),
        ])
    }

    func testHostileNames() async throws {
        func noName(_ name: String) -> String {
            "`\(name)` can't be a repository's name. Use `name` or `org/name`, with letters, digits, `-`, `_` "
                + "and `.` only."
        }
        func noBranch(_ name: String) -> String { "`\(name)` can't be the name of a branch, a tag or a commit." }
        for name in ["--upload-pack=touch", "../..", "cats;rm", "$(reboot)", "..", "a/b/c", "-cats", "cats/", ".git"] {
            try await refuse([
                ("deploy \(name) test main", "\(noName(name))\n\(Self.deploy)"),
                ("register \(name)", "\(noName(name))\n\(Self.register)"),
            ])
        }
        for name in ["--upload-pack=touch", "../..", "-main", "a..b", "main~1", "main:x", "@{u}", "x.lock", "a//b"] {
            try await refuse([("deploy cats test \(name)", "\(noBranch(name))\n\(Self.deploy)")])
        }
        // What was copied with its backticks can't end the answer's own.
        try await refuse([("deploy `cats` test main", "\(noName("'cats'"))\n\(Self.deploy)")])
    }

    func testCharactersThatCannotBeSeen() async throws {
        let unseen: [(String, String)] = [
            ("deploy cats test main\ntest", "U+000A"), ("deploy cats test ma\0in", "U+0000"),
            ("deploy cats test \u{202E}main", "U+202E"), ("deploy ca\u{200E}ts test main", "U+200E"),
            ("deploy cats\u{1B}[31m test main", "U+001B"),
        ]
        try await refuse(unseen.map { text, point in
            (
                text,
                "The command contains a character that can't be seen (\(point)). Type it again on one line.\n"
                    + Self.usages
            )
        })
    }

    func testAppsThatAreNotRegistered() async throws {
        let demo = try await Self.shared.get()
        if try await demo.command("help").status == 200, try DemoRecords(of: demo).operations.isEmpty {
            _ = try await demo.outcome(of: "register cats")
        }
        try await refuse([
            ("deploy dogs test main", "`dogs` is not registered. Register it with `/iterapp register dogs`."),
            (
                "deploy cast test main",
                "`cast` is not registered. Did you mean `cats`? Or register it with `/iterapp register cast`."
            ),
            ("build org/dogs main", "`org/dogs` is not registered. Register it with `/iterapp register org/dogs`."),
            ("deregister dogs", "`dogs` is not registered. Register it with `/iterapp register dogs`."),
        ])
    }

    func testOtherChannels() async throws {
        let demo = try await Self.shared.get()
        let before = try DemoRecords(of: demo).operations.count
        for text in ["register cats", "deploy cats prod main", "build cats main", "deregister cats"] {
            let answer = try await demo.command(text, channel: "random")
            XCTAssertEqual(
                answer.text, "Commands that change something are taken in #iterapp-logs. Please repeat it there.")
        }
        let help = try await demo.command("help", channel: "random")
        XCTAssertTrue(help.text.hasPrefix("*Iterapp builds and deploys your apps.*"), help.text)
        let after = try DemoRecords(of: demo).operations.count
        XCTAssertEqual(after, before)
    }
}
