import Deploys
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import XCTest

@testable import Slack

/// Which requests are ours, and how that is known.
final class InstallationTests: XCTestCase {
    private func origin(_ form: [String: String]) throws -> PayloadOrigin {
        PayloadOrigin(form: try XCTUnwrap(FormFields(Array(SlackTests.form(form).utf8))))
    }

    func testOnlyTheWorkspaceItselfIsOurs() throws {
        let home = Installation(teamID: "T1")
        XCTAssertTrue(home.owns(try origin(["team_id": "T1"])))
        XCTAssertFalse(home.owns(try origin(["team_id": "T2"])))
        XCTAssertFalse(home.owns(try origin(["team_id": "T2", "enterprise_id": "E1"])))
        // docs.slack.dev, "block_actions payload"
        XCTAssertTrue(home.owns(PayloadOrigin(interaction: ["team": ["id": "T1"], "user": ["team_id": "T1"]])))
        XCTAssertFalse(home.owns(PayloadOrigin(interaction: ["team": ["id": "T2"], "user": ["team_id": "T2"]])))
        XCTAssertFalse(
            home.owns(PayloadOrigin(interaction: ["team": ["id": "T1"], "user": ["team_id": "T2"]])),
            "somebody of another company, in a channel that is shared with it")
        XCTAssertFalse(home.owns(PayloadOrigin(interaction: ["team": .null, "user": ["team_id": "T2"]])))
        XCTAssertTrue(home.owns(PayloadOrigin(event: ["team_id": "T1", "event": ["team": "T1"]])))
        XCTAssertFalse(home.owns(PayloadOrigin(event: ["team_id": "T2", "event": ["team": "T2"]])))
        XCTAssertFalse(home.owns(PayloadOrigin(event: ["team_id": "T1", "event": ["team": "T1", "user_team": "T2"]])))
    }

    func testAnOrganisationsWorkspaces() throws {
        let one = Installation(teamID: "T1", enterpriseID: "E1")
        XCTAssertTrue(
            one.owns(PayloadOrigin(interaction: [
                "team": ["id": "T1"], "enterprise": ["id": "E1"], "user": ["team_id": "T2"],
            ])), "a member of the organisation, at home in another workspace of it")
        XCTAssertFalse(one.owns(try origin(["team_id": "T2", "enterprise_id": "E1"])), "it is installed in T1 alone")
        let all = Installation(teamID: "T1", enterpriseID: "E1", isOrganisationWide: true)
        XCTAssertTrue(all.owns(try origin(["team_id": "T2", "enterprise_id": "E1"])))
        XCTAssertTrue(all.owns(PayloadOrigin(interaction: [
            "team": .null, "enterprise": ["id": "E1"], "user": ["team_id": "T7"],
        ])))
        XCTAssertFalse(all.owns(try origin(["team_id": "T2", "enterprise_id": "E2"])))
    }

    func testWhatSlackToldIsKnownAtTheNextStartWhileSlackIsAway() async throws {
        let answer: JSON = [
            "ok": true, "team_id": "T1", "user_id": "U0BOT", "enterprise_id": "E1", "is_enterprise_install": false,
        ]
        let slack = try ScriptedServer(.text(503, ""), HTTPResponse(status: 200, body: .bytes(answer.bytes)))
        let expected = Installation(teamID: "T1", enterpriseID: "E1", botUserID: "U0BOT")
        try await withTemporaryDirectory { directory in
            let journal = try await SQLiteJournal.open(directory)
            let api = SlackWebAPI(client: HTTPClient(), baseURL: slack.url, token: "xoxb-secret")
            let first = InstallationKeeper(api: api, keepsakes: journal, appID: "A1", log: .silent)
            await first.recall()
            XCTAssertNil(first.installation)
            XCTAssertFalse(first.isForeign(try origin(["team_id": "T9"])), "the signature is all that can be asked for")
            XCTAssertTrue(first.isForeign(try origin(["team_id": "T1", "api_app_id": "A2"])))
            await first.learn()
            XCTAssertEqual(first.installation, expected)
            await slack.stop()

            let second = InstallationKeeper(api: api, keepsakes: journal, appID: nil, log: .silent)
            await second.recall()
            XCTAssertEqual(second.installation, expected)
            XCTAssertTrue(second.isForeign(try origin(["team_id": "T9"])))
            XCTAssertFalse(second.isForeign(try origin(["team_id": "T1", "api_app_id": "A2"])), "no app was named")
            let learning = Task { await second.learn() }
            learning.cancel()
            await learning.value
            XCTAssertEqual(second.installation, expected)
            await journal.close()
        }
    }
}
