import XCTest

@testable import Slack

/// What people write, and what clients make of it, as commands.
final class MessageTextTests: XCTestCase {
    func testMentionsAtTheBeginningAreCommands() {
        let cases: [(String, String)] = [
            ("<@U0BOT> deploy cats test main", "deploy cats test main"),
            ("<@U0BOT>: deploy cats test main.", "deploy cats test main"),
            ("<@U0BOT|iterapp>, status cats?", "status cats"),
            ("  <@U0BOT>\u{A0}deploy\u{A0}cats  test\u{2009}main ", "deploy cats test main"),
            ("<@U0BOT> - help!", "help"),
            ("<@U0BOT>", ""),
            ("*<@U0BOT>* help", "help"),
            ("<@U0ANN> <@U0BOT> apps", "apps"),
            ("<@U0BOT> <@U0ANN> apps", "apps"),
            ("<@U0BOT>\ndeploy cats test main\n", "deploy cats test main"),
            ("<@U0BOT> `/iterapp deploy cats test main`", "deploy cats test main"),
            ("<@U0BOT> ```deploy cats test main```", "deploy cats test main"),
            ("<@U0BOT> deploy *cats* “test” 'main'", "deploy cats test main"),
            ("<@U0BOT> deploy <http://cats.no|cats.no> test main", "deploy cats.no test main"),
            ("<@U0BOT> register <https://github.com/iterate/cats>", "register https://github.com/iterate/cats"),
            ("<@U0BOT> status <#C123|cats>", "status #cats"),
            ("<@U0BOT> deploy cats snap\u{2013}3 fix\u{2011}it", "deploy cats snap-3 fix-it"),
            ("<@U0BOT> deploy cats test a\u{2014}b", "deploy cats test a--b"),
            ("<@U0BOT> deploy cats test a&lt;b&amp;c", "deploy cats test a<b&c"),
            ("<@U0BOT> deploy cats test \u{200B}fix_\u{200B}it", "deploy cats test fix_it"),
            ("<@U0BOT> deploy cats prod #12", "deploy cats prod #12"),
        ]
        for (text, command) in cases {
            XCTAssertEqual(MessageText.mention(in: text, botID: "U0BOT"), .command(command), text)
        }
        XCTAssertEqual(MessageText.mention(in: "<@U9> help", botID: nil), .command("help"), "the only one mentioned")
    }

    /// Whoever speaks about the bot asks for nothing; whoever quotes a command does not give it.
    func testMentionsFurtherInsideDoNothing() {
        let misplaced = [
            "please, <@U0BOT> deploy cats prod main", "&gt; <@U0BOT> deploy cats prod main",
            "yesterday I told <@U0BOT> deploy cats prod main, and it failed", "<@U0ANN> tell <@U0BOT>: status cats",
        ]
        for text in misplaced { XCTAssertEqual(MessageText.mention(in: text, botID: "U0BOT"), .misplaced, text) }
        let asides = ["how does <@U0BOT> work?", "ask <@U0BOT>", "<@U0ANN> deploy cats prod main", "", "a < b <@U0BOT"]
        for text in asides { XCTAssertEqual(MessageText.mention(in: text, botID: "U0BOT"), .aside, text) }
    }

    func testWordsOfDirectMessages() {
        let cases: [(String, String)] = [
            ("deploy cats test main", "deploy cats test main"), ("/iterapp help", "help"), ("iterapp help", "help"),
            ("Help.", "Help"), ("", ""), ("???", ""), ("<!here> hello", "@here hello"),
            ("<!subteam^S1|@cats> hi", "@cats hi"), ("<!date^1|noon> x", "noon x"),
            ("<mailto:a@b.no|a@b.no>", "a@b.no"), ("<mailto:a@b.no>", "a@b.no"), ("<", "<"), ("a <b", "a <b"),
        ]
        for (text, command) in cases { XCTAssertEqual(MessageText.command(text), command, text) }
        XCTAssertEqual(
            MessageText.command("deploy cats test main\ndeploy dogs test main"),
            "deploy cats test main\ndeploy dogs test main", "which one is meant is not for us to say")
    }

    func testLongTextsAreReadInLinearTime() {
        let start = ContinuousClock.now
        for piece in ["<@U0ANN> ", "<", "<@", "\u{A0}", "<!x|", "`*~", "—"] {
            let text = String(repeating: piece, count: 40_000)
            _ = MessageText.mention(in: text, botID: "U0BOT")
            _ = MessageText.command(text)
        }
        XCTAssertLessThan(ContinuousClock.now - start, .seconds(10))
    }
}
