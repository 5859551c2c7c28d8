import XCTest

@testable import Deploys

final class CommandParserTests: XCTestCase {
    private static let environments = "There are `prod`, `test` and `snap0` … `snap9`."

    private let parser = CommandParser(defaultOrganisation: "iterate")

    private func parse(_ text: String) throws -> Command { try parser.parse(text) }

    private func mistake(_ text: String, file: StaticString = #filePath, line: UInt = #line) -> CommandMistake? {
        do {
            let command = try parser.parse(text)
            XCTFail("was taken as \(command)", file: file, line: line)
            return nil
        } catch { return error }
    }

    private let cats = AppID(organisation: "iterate", name: "cats")

    func testEveryCommandInItsForms() throws {
        let main = try XCTUnwrap(Revision("main"))
        XCTAssertEqual(try parse(""), .help(nil))
        XCTAssertEqual(try parse("  help  "), .help(nil))
        XCTAssertEqual(try parse("HELP Deploy"), .help(.deploy))
        XCTAssertEqual(try parse("register cats"), .register(cats))
        XCTAssertEqual(try parse("register Org/dogs"), .register(AppID(organisation: "org", name: "Dogs")))
        XCTAssertEqual(try parse("deregister cats"), .deregister(cats))
        XCTAssertEqual(try parse("build cats main"), .build(cats, nil, main))
        XCTAssertEqual(try parse("build cats prod main"), .build(cats, .prod, main))
        XCTAssertEqual(try parse("Deploy cats PROD main"), .deploy(cats, .prod, main))
        XCTAssertEqual(try parse("deploy cats snap-3 main"), .deploy(cats, EnvironmentName(parsing: "snap3")!, main))
        XCTAssertEqual(
            try parse("deploy cats test feature/Ünïcode-1"), .deploy(cats, .test, Revision("feature/Ünïcode-1")!))
        XCTAssertEqual(try parse("deploy cats test #12"), .deploy(cats, .test, Revision("#12")!))
        XCTAssertEqual(try parse("deploy\tcats\u{A0}test  main"), .deploy(cats, .test, main))
    }

    func testMistakesGetTheNearestWordAndTheUsageOfTheirCommand() {
        let cases: [(String, String, Verb?)] = [
            ("deplyo cats test main", "I don't know the command `deplyo`. Did you mean `deploy`?", .deploy),
            ("deploy cats tset main", "I don't know the environment `tset`. Did you mean `test`? " + Self.environments, .deploy),
            ("deploy cats qqqqqq main", "I don't know the environment `qqqqqq`. " + Self.environments, .deploy),
            ("deploy cats main prod", "The environment comes before the branch. Did you mean "
                + "`/iterapp deploy cats prod main`?", .deploy),
            ("deploy", "Which app, where to, and which branch?", .deploy),
            ("deploy cats", "Where should `cats` go, and which branch?", .deploy),
            ("deploy cats main", "To which environment should `main` of `cats` go?", .deploy),
            ("deploy cats test", "Which branch of `cats`?", .deploy),
            ("deploy cats test main now please", "I don't know what to do with `now please`.", .deploy),
            ("build cats", "Which branch of `cats`?", .build),
            ("register", "Which repository do you want to register?", .register),
            ("register a b", "I don't know what to do with `b`.", .register),
            ("help deplo", "I don't know the command `deplo`. Did you mean `deploy`?", .help),
            ("deploy cats test #twelve", "`#twelve` is no release. Releases are numbers, as in `#12`.", .deploy),
        ]
        for (text, sentence, verb) in cases {
            let mistake = mistake(text)
            XCTAssertEqual(mistake?.sentence, sentence, text)
            XCTAssertEqual(mistake?.verb, verb, text)
        }
    }

    func testHostileNamesAreRefused() {
        let apps = ["--upload-pack=evil", "../..", "cats;rm", "-x", ".git", "a/b/c", "cats.git", "/cats", "cats/", "$(id)"]
        for app in apps {
            XCTAssertTrue(mistake("deploy \(app) test main")?.sentence.contains("can't be a repository's name") ?? false, app)
        }
        let branches = ["-f", "--upload-pack=evil", "a..b", "a~1", "a^", "a:b", "main.lock", "/main", "@{u}", "a\\b", "*",
            // With marks behind them, people see other characters; Git sees the same bytes.
            "-\u{301}f", "a..\u{301}b", "a.lock/b", "a@{\u{301}u}", "a/.\u{301}b", "a\u{D4E}//b"]
        for branch in branches {
            XCTAssertTrue(
                mistake("deploy cats test \(branch)")?.sentence.contains("can't be the name of a branch") ?? false, branch)
        }
    }

    func testCharactersThatCannotBeSeenAreNamed() {
        for (text, code) in [
            ("deploy cats\ntest main", "U+000A"), ("deploy cats test ma\u{0}in", "U+0000"),
            ("deploy cats test \u{202E}niam", "U+202E"), ("deploy cats test ma\u{200B}in", "U+200B"),
        ] {
            XCTAssertTrue(mistake(text)?.sentence.contains(code) ?? false, text.debugDescription)
        }
    }

    func testAnAbsurdlyLongTextIsRefusedByItsLength() {
        let text = "deploy cats test " + String(repeating: "x", count: 1 << 20)
        XCTAssertEqual(
            mistake(text)?.sentence, "That is too long for a command (1048593 bytes; 1000 are the limit).")
    }

    func testQuotedWordsCannotEndTheirQuotation() {
        let sentence = mistake("deploy cats te`st* main")?.sentence
        XCTAssertEqual(sentence, "I don't know the environment `te'st*`. Did you mean `test`? " + Self.environments)
    }
}
