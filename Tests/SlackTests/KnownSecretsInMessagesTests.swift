import Deploys
import JSON
import XCTest

@testable import Slack

/// Anything can be a secret, also a word that Slack goes by.
final class KnownSecretsInMessagesTests: XCTestCase {
    func testPeopleReadNoSecretAndSlackReadsItsOwnWords() {
        let mask = SecretMask(["section", "mrkdwn", "C0123456", "channel", "say \"please\" & <more>"])
        let message: JSON = [
            "channel": "C0123456", "text": "in section 7: say \"please\" &amp; &lt;more&gt;",
            "blocks": [["type": "section", "text": ["type": "mrkdwn", "text": "mrkdwn is a channel"]]],
            "unfurl_links": false,
        ]
        XCTAssertEqual(
            mask.withoutKnown(message),
            [
                "channel": "C0123456", "text": "in ••• 7: •••",
                "blocks": [["type": "section", "text": ["type": "mrkdwn", "text": "••• is a •••"]]],
                "unfurl_links": false,
            ])
    }
}
