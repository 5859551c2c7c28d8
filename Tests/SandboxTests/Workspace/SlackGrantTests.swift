import JSON
import XCTest

@testable import Sandbox

/// Tokens, scopes and the shape of calls.
final class SlackGrantTests: XCTestCase {
    func testTokens() async throws {
        try await SlackHarness.with { slack in
            let known = try await slack.call("auth.test")
            XCTAssertEqual(known["user_id"]?.string, Workspace.botID)
            XCTAssertEqual(known["team_id"]?.string, Workspace.teamID)
            XCTAssertEqual(known["bot_id"]?.string, Workspace.botProfileID)
            let none = try await slack.call("auth.test", token: nil)
            XCTAssertEqual(none["error"], "not_authed")
            let other = try await slack.call("auth.test", token: "xoxb-other")
            XCTAssertEqual(other["error"], "invalid_auth")
            let inForm = try await slack.call("auth.test", ["token": "xoxb-test"], as: .form, token: nil)
            XCTAssertEqual(inForm["ok"], true)
            let inJSON = try await slack.call("auth.test", ["token": "xoxb-test"], as: .json, token: nil)
            XCTAssertEqual(inJSON["error"], "not_authed", "a token inside JSON is not seen")
            slack.server.grant.end(with: "token_revoked")
            try await slack.expect("auth.test", [:], "token_revoked")
            slack.server.grant.end(with: nil)
            try await slack.expect("auth.test", [:], nil)
            try await slack.expect("chat.shout", [:], "unknown_method")
        }
    }

    /// Each method without the one scope that it needs.
    func testScopes() async throws {
        let channel = JSON.string(Workspace.channelID)
        let closed = JSON.string(Workspace.privateID)
        let direct = JSON.string(Workspace.directID(of: Workspace.annID))
        let calls: [(String, JSON, String)] = [
            ("chat.postMessage", ["channel": channel, "text": "x"], "chat:write"),
            ("chat.update", ["channel": channel, "ts": "1.000000", "text": "x"], "chat:write"),
            ("chat.delete", ["channel": channel, "ts": "1.000000"], "chat:write"),
            ("chat.postEphemeral", ["channel": channel, "user": .string(Workspace.annID), "text": "x"], "chat:write"),
            ("conversations.list", [:], "channels:read"),
            ("conversations.list", ["types": "private_channel"], "groups:read"),
            ("conversations.list", ["types": "im"], "im:read"),
            ("conversations.info", ["channel": channel], "channels:read"),
            ("conversations.info", ["channel": closed], "groups:read"),
            ("conversations.info", ["channel": direct], "im:read"),
            ("conversations.history", ["channel": channel], "channels:history"),
            ("conversations.history", ["channel": closed], "groups:history"),
            ("conversations.history", ["channel": direct], "im:history"),
            ("conversations.replies", ["channel": channel, "ts": "1.000000"], "channels:history"),
            ("conversations.open", ["users": .string(Workspace.annID)], "im:write"),
            ("files.getUploadURLExternal", ["filename": "a.log", "length": 3], "files:write"),
            ("files.completeUploadExternal", ["files": [["id": "F1"]]], "files:write"),
            ("usergroups.list", [:], "usergroups:read"),
            ("usergroups.users.list", ["usergroup": .string(Workspace.catsGroupID)], "usergroups:read"),
            ("users.info", ["user": .string(Workspace.annID)], "users:read"),
        ]
        try await SlackHarness.with { slack in
            try await slack.workspace.invite(Workspace.botID, to: Workspace.privateID)
            for (method, arguments, scope) in calls {
                slack.server.grant.scopes = SlackGrant.allScopes.subtracting([scope])
                let answer = try await slack.call(method, arguments, as: .form)
                XCTAssertEqual(answer["error"], "missing_scope", "\(method) \(arguments.text)")
                XCTAssertEqual(answer["needed"]?.string, scope, method)
                XCTAssertEqual(answer["provided"]?.string?.split(separator: ",").count, 12, method)
                slack.server.grant.scopes = [scope]
                let allowed = try await slack.call(method, arguments, as: .form)
                XCTAssertNotEqual(allowed["error"], "missing_scope", "\(method) \(arguments.text)")
            }
            slack.server.grant.scopes = []
            for method in ["auth.test", "views.open", "views.push", "views.update", "views.publish"] {
                let answer = try await slack.call(method)
                XCTAssertNotEqual(answer["error"], "missing_scope", method)
            }
        }
    }

    func testBodies() async throws {
        try await SlackHarness.with { slack in
            func send(_ type: String?, _ body: String) async throws -> JSON {
                var headers: [String: String] = ["Authorization": "Bearer xoxb-test"]
                headers["Content-Type"] = type
                return try await slack.raw("chat.postMessage", headers, body)
            }
            let body = "{\"channel\":\"\(Workspace.channelID)\",\"text\":\"x\"}"
            let noCharset = try await send("application/json", body)
            XCTAssertEqual(noCharset["ok"], true)
            XCTAssertEqual(noCharset["warning"], "missing_charset")
            for (type, body, error) in [
                ("application/json; charset=utf-8", "{", "invalid_json"),
                ("application/json; charset=utf-8", "[]", "json_not_object"), ("text/plain", body, "invalid_post_type"),
                ("application/x-www-form-urlencoded", "channel=%zz", "invalid_form_data"),
            ] {
                let answer = try await send(type, body)
                XCTAssertEqual(answer["error"]?.string, error)
            }
        }
    }
}
