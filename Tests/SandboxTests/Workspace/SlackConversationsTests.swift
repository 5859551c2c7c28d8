import JSON
import XCTest

@testable import Sandbox

/// `conversations.*`, over sockets.
final class SlackConversationsTests: XCTestCase {
    private func names(_ answer: JSON) -> [String] {
        (answer["channels"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    func testTheBotSeesPublicChannelsAndItsOwn() async throws {
        try await SlackHarness.with { slack in
            let open = try await slack.read("conversations.list")
            XCTAssertEqual(names(open), ["general", "iterapp-logs", "random"])
            let members = (open["channels"]?.array ?? []).map { $0["is_member"]?.bool }
            XCTAssertEqual(members, [true, true, false])
            let closed = try await slack.read("conversations.list", ["types": "private_channel"])
            XCTAssertEqual(names(closed), [])
            try await slack.workspace.invite(Workspace.botID, to: Workspace.privateID)
            let both = try await slack.read("conversations.list", ["types": "public_channel, private_channel"])
            XCTAssertEqual(names(both), ["general", "iterapp-logs", "plans", "random"])
            let direct = try await slack.read("conversations.list", ["types": "im"])
            XCTAssertEqual(direct["channels"]?.array?.count, 3)
            try await slack.workspace.setArchived(Workspace.randomID, true)
            let alive = try await slack.read("conversations.list", ["exclude_archived": "true"])
            XCTAssertEqual(names(alive), ["general", "iterapp-logs"])
            try await slack.expect("conversations.list", ["types": "secrets"], "invalid_types", as: .query)
        }
    }

    func testListsHavePages() async throws {
        try await SlackHarness.with { slack in
            for index in 0..<22 {
                _ = try await slack.workspace.makeChannel("c\(index)", kind: .open, members: [])
            }
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await slack.read("conversations.list", ["limit": "7", "cursor": .string(cursor)])
                XCTAssertLessThanOrEqual(names(page).count, 7)
                seen += names(page)
                cursor = page.at("response_metadata", "next_cursor")?.string ?? ""
            } while !cursor.isEmpty
            XCTAssertEqual(Set(seen).count, 25)
            XCTAssertEqual(seen.count, 25)
            try await slack.expect("conversations.list", ["cursor": "what"], "invalid_cursor", as: .query)
            try await slack.expect("conversations.list", ["limit": "-1"], "invalid_limit", as: .query)
            try await slack.expect("conversations.list", ["limit": "many"], "invalid_arguments", as: .query)
        }
    }

    func testInfo() async throws {
        try await SlackHarness.with { slack in
            let info = try await slack.read("conversations.info", ["channel": .string(Workspace.channelID)])
            XCTAssertEqual(info["channel"]?["name"]?.string, "iterapp-logs")
            XCTAssertNil(info["channel"]?["num_members"])
            let direct = try await slack.read("conversations.info", [
                "channel": .string(Workspace.directID(of: Workspace.annID)),
            ])
            XCTAssertEqual(direct["channel"]?["user"]?.string, Workspace.annID)
            for channel in [Workspace.privateID, "C0NOWHERE1", "#general"] {
                try await slack.expect(
                    "conversations.info", ["channel": .string(channel)], "channel_not_found", as: .query)
            }
            try await slack.expect(
                "conversations.info", ["channel": .string(Workspace.channelID)], "invalid_arguments")
        }
    }

    func testHistoryGoesBackFromTheNewest() async throws {
        try await SlackHarness.with { slack in
            var times: [String] = []
            for index in 0..<9 { times.append(try await slack.post("\(index)")) }
            _ = try await slack.post("answer", thread: times[4])
            let channel = JSON.string(Workspace.channelID)
            func history(_ more: [String: JSON]) async throws -> (texts: [String], answer: JSON) {
                var arguments = more
                arguments["channel"] = channel
                let answer = try await slack.read("conversations.history", .object(arguments))
                return ((answer["messages"]?.array ?? []).compactMap { $0["text"]?.string }, answer)
            }
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await history(["limit": "4", "cursor": .string(cursor)])
                seen += page.texts
                cursor = page.answer.at("response_metadata", "next_cursor")?.string ?? ""
                XCTAssertEqual(page.answer["has_more"]?.bool, !cursor.isEmpty)
            } while !cursor.isEmpty
            XCTAssertEqual(seen, ["8", "7", "6", "5", "4", "3", "2", "1", "0"])
            let root = try await history([:]).answer["messages"]?.array?.first { $0["text"] == "4" }
            XCTAssertEqual(root?["reply_count"], 1)
            XCTAssertEqual(root?["reply_users"], [.string(Workspace.botID)])
            let answers = try await slack.workspace.replies(to: times[4], Workspace.Range(limit: 9))
            XCTAssertEqual(root?["latest_reply"]?.string, answers.last?.timestamp)
            let between = try await history(["oldest": .string(times[2]), "latest": .string(times[5])])
            XCTAssertEqual(between.texts, ["4", "3"])
            let inclusive = try await history([
                "oldest": .string(times[2]), "latest": .string(times[5]), "inclusive": "true",
            ])
            XCTAssertEqual(inclusive.texts, ["5", "4", "3", "2"])
            let bad = try await history(["oldest": "yesterday"]).answer["error"]
            XCTAssertEqual(bad, "invalid_ts_oldest")
        }
    }

    func testMetadataIsToldWhenAskedFor() async throws {
        try await SlackHarness.with { slack in
            let metadata: JSON = ["event_type": "t", "event_payload": ["n": "1"]]
            try await slack.call("chat.postMessage", [
                "channel": .string(Workspace.channelID), "text": "x", "metadata": metadata,
            ])
            let channel = JSON.string(Workspace.channelID)
            let without = try await slack.read("conversations.history", ["channel": channel])
            XCTAssertNil(without["messages"]?[0]?["metadata"])
            let with = try await slack.read(
                "conversations.history", ["channel": channel, "include_all_metadata": "true"])
            XCTAssertEqual(with["messages"]?[0]?["metadata"], metadata)
        }
    }

    func testRepliesComeOldestFirstBehindTheirRoot() async throws {
        try await SlackHarness.with { slack in
            let root = try await slack.post("root")
            for index in 0..<5 { _ = try await slack.post("\(index)", thread: root) }
            var seen: [String] = []
            var cursor = ""
            repeat {
                let page = try await slack.read("conversations.replies", [
                    "channel": .string(Workspace.channelID), "ts": .string(root), "limit": "2",
                    "cursor": .string(cursor),
                ])
                seen += (page["messages"]?.array ?? []).compactMap { $0["text"]?.string }
                cursor = page.at("response_metadata", "next_cursor")?.string ?? ""
            } while !cursor.isEmpty
            XCTAssertEqual(seen, ["root", "0", "1", "2", "3", "4"])
            try await slack.expect("conversations.replies", [
                "channel": .string(Workspace.channelID), "ts": "1700000000.000000",
            ], "thread_not_found", as: .query)
            try await slack.expect(
                "conversations.replies", ["channel": .string(Workspace.channelID)], "invalid_arguments", as: .query)
        }
    }

    func testWhatTheBotMayNotRead() async throws {
        try await SlackHarness.with { slack in
            for (channel, error) in [
                (Workspace.randomID, "not_in_channel"), (Workspace.privateID, "channel_not_found"),
                ("#general", "channel_not_found"),
            ] {
                try await slack.expect("conversations.history", ["channel": .string(channel)], error, as: .query)
            }
        }
    }

    func testDirectChannelsAreOpened() async throws {
        try await SlackHarness.with { slack in
            let opened = try await slack.call("conversations.open", ["users": .string(Workspace.annID)])
            XCTAssertEqual(opened["channel"]?["id"]?.string, Workspace.directID(of: Workspace.annID))
            try await slack.expect("conversations.open", ["users": "U0NOBODY"], "user_not_found")
            try await slack.expect("conversations.open", [:], "users_list_not_supplied")
            var ann = try await slack.workspace.member(Workspace.annID)
            ann?.isDeactivated = true
            try await slack.workspace.put(try XCTUnwrap(ann))
            try await slack.expect("conversations.open", ["users": .string(Workspace.annID)], "user_disabled")
        }
    }
}
