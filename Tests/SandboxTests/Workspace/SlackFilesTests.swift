import HTTP
import JSON
import XCTest

@testable import Sandbox

/// `files.*`, `users.info` and user groups, over sockets.
final class SlackFilesTests: XCTestCase {
    private func announce(
        _ slack: SlackHarness, _ name: String, _ length: Int
    ) async throws -> (id: String, url: String) {
        let answer = try await slack.call(
            "files.getUploadURLExternal", ["filename": .string(name), "length": .int(length)], as: .form)
        return (try XCTUnwrap(answer["file_id"]?.string, answer.text), try XCTUnwrap(answer["upload_url"]?.string))
    }

    func testAFileGoesIntoAThread() async throws {
        try await SlackHarness.with { slack in
            let root = try await slack.post("root")
            let file = try await announce(slack, "build.log", 5)
            let complete: JSON = [
                "files": [["id": .string(file.id), "title": "Build 7"]], "channel_id": .string(Workspace.channelID),
                "thread_ts": .string(root), "initial_comment": "The log",
            ]
            try await slack.expect("files.completeUploadExternal", complete, "file_not_found")
            let short = try await slack.client.send(HTTPClientRequest("POST", file.url, body: Array("four".utf8)))
            XCTAssertEqual(short.status, 400, "not what was announced")
            let sent = try await slack.client.send(HTTPClientRequest("POST", file.url, body: Array("lines".utf8)))
            XCTAssertEqual(sent.status, 200)
            let answer = try await slack.call("files.completeUploadExternal", complete)
            XCTAssertEqual(answer["files"], [["id": .string(file.id), "title": "Build 7"]])
            let replies = try await slack.workspace.replies(to: root, Workspace.Range(limit: 9))
            XCTAssertEqual(replies.map(\.text), ["The log"])
            XCTAssertEqual(replies.first?.files.first?["name"], "build.log")
            XCTAssertEqual(replies.first?.files.first?["size"], 5)
            try await slack.expect("files.completeUploadExternal", complete, "file_not_found")
            let url = try XCTUnwrap(replies.first?.files.first?["url_private"]?.string)
            let read = try await slack.client.send(
                HTTPClientRequest("GET", url, headers: ["Authorization": "Bearer xoxb-test"]))
            XCTAssertEqual(String(decoding: read.body, as: UTF8.self), "lines")
            let stranger = try await slack.client.send(HTTPClientRequest("GET", url))
            XCTAssertEqual(stranger.status, 403)
        }
    }

    func testAFormWithTheFileIsTakenToo() async throws {
        try await SlackHarness.with { slack in
            let file = try await announce(slack, "a.txt", 9)
            let body = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nline\r\nend\r\n--b--\r\n"
            let sent = try await slack.client.send(
                HTTPClientRequest(
                    "POST", file.url, headers: ["Content-Type": "multipart/form-data; boundary=b"],
                    body: Array(body.utf8)))
            XCTAssertEqual(sent.status, 200)
            let kept = try await slack.workspace.file(file.id)
            XCTAssertEqual(kept.map { String(decoding: $0.content, as: UTF8.self) }, "line\r\nend")
        }
    }

    func testWhatIsNoUpload() async throws {
        try await SlackHarness.with { slack in
            try await slack.expect(
                "files.getUploadURLExternal", ["filename": "a", "length": 0], "missing_argument", as: .form)
            try await slack.expect("files.getUploadURLExternal", ["length": 1], "invalid_arguments", as: .form)
            try await slack.expect("files.getUploadURLExternal", [
                "filename": "a", "length": .int(2 << 20), "snippet_type": "text",
            ], "snippet_too_large", as: .form)
            try await slack.expect("files.completeUploadExternal", ["files": []], "invalid_arguments")
            let file = try await announce(slack, "a", 1)
            _ = try await slack.client.send(HTTPClientRequest("POST", file.url, body: [65]))
            for (channel, error) in [
                (Workspace.randomID, "not_in_channel"), (Workspace.privateID, "channel_not_found"),
            ] {
                try await slack.expect("files.completeUploadExternal", [
                    "files": [["id": .string(file.id)]], "channel_id": .string(channel),
                ], error)
            }
        }
    }

    func testPeopleAndGroups() async throws {
        try await SlackHarness.with { slack in
            let ann = try await slack.read("users.info", ["user": .string(Workspace.annID)])
            XCTAssertEqual(ann["user"]?["name"], "ann")
            XCTAssertEqual(ann["user"]?["deleted"], false)
            try await slack.expect("users.info", ["user": "U0NOBODY"], "user_not_found", as: .query)
            let bare = try await slack.read("usergroups.list")
            XCTAssertEqual(bare["usergroups"]?.array?.compactMap { $0["handle"]?.string }, ["cats", "ops"])
            XCTAssertNil(bare["usergroups"]?[0]?["users"])
            let full = try await slack.read("usergroups.list", ["include_users": "true", "include_count": "true"])
            XCTAssertEqual(full["usergroups"]?[0]?["users"], [.string(Workspace.memberID), .string(Workspace.annID)])
            XCTAssertEqual(full["usergroups"]?[0]?["user_count"], 2)
            let cats = JSON.string(Workspace.catsGroupID)
            let members = try await slack.read("usergroups.users.list", ["usergroup": cats])
            XCTAssertEqual(members["users"]?.array?.count, 2)
            try await slack.expect("usergroups.users.list", ["usergroup": "S0"], "no_such_subteam", as: .query)
            var group = try await slack.workspace.groups()[0]
            group.isDisabled = true
            try await slack.workspace.put(group)
            try await slack.expect("usergroups.users.list", ["usergroup": cats], "no_such_subteam", as: .query)
            let disabled = try await slack.read(
                "usergroups.users.list", ["usergroup": cats, "include_disabled": "true"])
            XCTAssertEqual(disabled["ok"], true)
            let listed = try await slack.read("usergroups.list")
            XCTAssertEqual(listed["usergroups"]?.array?.count, 1)
        }
    }
}
