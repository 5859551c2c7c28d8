import Deploys
import Foundation
import XCTest

@testable import Slack

final class MrkdwnTests: XCTestCase {
    func testWordsOfOthersFormatNothingAndCallNobody() {
        let cases = [
            ("plain & simple", "plain &amp; simple"), ("<!channel> <@U0EVIL0001>", "&lt;!channel&gt; &lt;@U0EVIL0001&gt;"),
            ("*bold* _it_ ~gone~ `code`", "∗bold∗ ˍitˍ ∼gone∼ 'code'"), ("snake_case_name", "snake_case_name"),
            ("ask @channel, @Here or @bob", "ask @\u{200B}channel, @\u{200B}here or @bob"),
            ("two\r\nlines\u{2028}or three", "two lines or three"), ("\u{202E}txet\u{200B}\u{FEFF}", "txet"),
            ("\u{200B}\u{200E}", ""), ("  ", ""), ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}x", "e\u{301}\u{301}\u{301}\u{301}x"),
            ("👨‍👩‍👧 ☃️", "👨‍👩‍👧 ☃️"), ("שלום", "\u{2068}שלום\u{2069}"),
        ]
        for (text, expected) in cases { XCTAssertEqual(Mrkdwn.words(text), expected) }
        XCTAssertEqual(Mrkdwn.words(String(repeating: "x", count: 500), maxUnits: 10), "xxxxxxxxx…")
    }

    /// A letter before it, or marks behind it, make a `<` another character for people, and none for Slack.
    func testMarkUpIsMarkUpWhateverItIsJoinedWith() {
        let (joined, marked) = ("\u{D4E}<!channel\u{D4E}> \u{D4E}&lt;", "<\u{301}b>\u{301}&\u{301}")
        XCTAssertEqual(Mrkdwn.words(joined), "\u{D4E}&lt;!channel\u{D4E}&gt; \u{D4E}&amp;lt;")
        XCTAssertEqual(Mrkdwn.words(marked), "&lt;\u{301}b&gt;\u{301}&amp;\u{301}")
        XCTAssertEqual(Mrkdwn.words("*\u{301}b*\u{301} \u{D4E}~x `\u{301}"), "∗\u{301}b∗\u{301} \u{D4E}∼x '\u{301}")
        XCTAssertEqual(Mrkdwn.neutral(joined), "\u{D4E}&lt;!channel\u{D4E}&gt; \u{D4E}&amp;lt;")
        XCTAssertEqual(Mrkdwn.code("a`\u{301}<!here>"), "`a\u{301}&lt;!here&gt;`")
        XCTAssertEqual(Mrkdwn.sentence("\u{D4E}<!channel> ```\u{301}"), "\u{D4E}&lt;!channel&gt; '''\u{301}")
        XCTAssertEqual(LogExcerpt(["```\u{301} \u{D4E}<!here>"], maxUnits: 100).text, "'''\u{301} \u{D4E}&lt;!here&gt;")
        XCTAssertEqual(Mrkdwn.link("https://a.no/\u{D4E}><!channel>", "x"), "<https://a.no/\u{D4E}%3E%3C!channel%3E|x>")
        XCTAssertEqual(Mrkdwn.unescaped("\u{D4E}&lt;\u{301}&gt;\u{301}"), "\u{D4E}<\u{301}>\u{301}")
    }

    func testCodeCanBeCopiedAndNotLeft() {
        XCTAssertEqual(Mrkdwn.code("feature/`x`<&>"), "`feature/x&lt;&amp;&gt;`")
        XCTAssertEqual(Mrkdwn.code("\u{200B}"), "` `")
    }

    func testALinkLeadsWhereItSaysAndNowhereElse() {
        XCTAssertEqual(Mrkdwn.link("https://a.no/?a=1&b=2", "a.no"), "<https://a.no/?a=1&amp;b=2|a.no>")
        XCTAssertEqual(Mrkdwn.link("https://a.no/|x><!channel>", "<b>"), "<https://a.no/%7Cx%3E%3C!channel%3E|&lt;b&gt;>")
        XCTAssertEqual(Mrkdwn.link("https://a.no/" + String(repeating: "x", count: 5_000), "long"), "long")
    }

    func testTheDomainsMarkUpIsSlacks() {
        let cases = [
            ("`a<b` of *cats* & <b>", "`a&lt;b` of *cats* &amp; &lt;b&gt;"),
            ("Ask <@U0BOB00001> or <!subteam^S0CATS0001>.", "Ask <@U0BOB00001> or <!subteam^S0CATS0001>."),
            ("<!channel> <!here> <https://x|y>", "&lt;!channel&gt; &lt;!here&gt; &lt;https://x|y&gt;"),
            ("Repeat it in <#C0LOGS0001>.", "Repeat it in <#C0LOGS0001>."),
            ("`<@U0BOB00001>` is only a name", "`&lt;@U0BOB00001&gt;` is only a name"),
            ("<@U0BOB00001|bob> <@u0bob> <@", "&lt;@U0BOB00001|bob&gt; &lt;@u0bob&gt; &lt;@"),
        ]
        for (text, expected) in cases { XCTAssertEqual(Mrkdwn.neutral(text), expected) }
    }

    func testAnIDThatIsNoneMentionsNobody() {
        XCTAssertEqual(Mrkdwn.person(id: "U0BOB00001"), "<@U0BOB00001>")
        XCTAssertEqual(Mrkdwn.person(id: "!channel"), "`!channel`")
        XCTAssertEqual(Mrkdwn.group(id: "S0CATS0001"), "<!subteam^S0CATS0001>")
        XCTAssertEqual(Mrkdwn.group(id: "S0|x>"), "`S0|x&gt;`")
    }

    func testMarkUpIsCutWhereItStaysWhole() {
        let cases = [
            ("one &amp; two", 8, "one …"), ("see <https://a.no|a> now", 12, "see …"), ("run `make all` now", 10, "run `mak…`"),
            ("short", 10, "short"),
        ]
        for (text, max, expected) in cases { XCTAssertEqual(Mrkdwn.cutMarkup(text, to: max), expected) }
    }

    func testASentenceKeepsItsCodeAndItsLines() {
        XCTAssertEqual(
            Mrkdwn.sentence("Step `RUN make` ended.\nIt said: <!here> ``` and `"),
            "Step `RUN make` ended.\nIt said: &lt;!here&gt; ''' and ``")
    }

    func testDatesAreInTheReadersTime() {
        XCTAssertEqual(
            Mrkdwn.ago("started", Samples.noon), "<!date^1795262400^started {ago}|started 2026-11-21 12:00 UTC>")
        XCTAssertEqual(Mrkdwn.ago("", Samples.noon), "<!date^1795262400^{ago}|2026-11-21 12:00 UTC>")
        XCTAssertEqual(
            Mrkdwn.moment(Samples.after(-43_000)),
            "<!date^1795219400^{date_short_pretty} {time}|2026-11-21 00:03 UTC>")
    }

    func testABarIsFullOnlyAtTheEnd() {
        let bars = [(0, 3), (1, 100), (1, 3), (99, 100), (3, 3), (5, 3), (0, 0), (-1, 3)].map { ProgressBar.text($0, of: $1) }
        XCTAssertEqual(
            bars,
            [
                "▱▱▱▱▱▱▱▱▱▱", "▰▱▱▱▱▱▱▱▱▱", "▰▰▰▱▱▱▱▱▱▱", "▰▰▰▰▰▰▰▰▰▱", "▰▰▰▰▰▰▰▰▰▰", "▰▰▰▰▰▰▰▰▰▰", "▱▱▱▱▱▱▱▱▱▱",
                "▱▱▱▱▱▱▱▱▱▱",
            ])
    }

    func testDurationsHaveTwoUnitsAtMost() {
        let texts = [0.2, 59.4, 60, 123, 3_600, 3_900, 90_000].map { Durations.text($0) }
        XCTAssertEqual(texts, ["1 s", "59 s", "1 min", "2 min 3 s", "1 h", "1 h 5 min", "25 h"])
    }
}
