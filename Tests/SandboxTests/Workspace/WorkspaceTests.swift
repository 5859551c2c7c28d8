import Foundation
import JSON
import SQLite
import TestSupport
import XCTest

@testable import Sandbox

final class WorkspaceTests: XCTestCase {
    func testAFileThatKnewOneChannelOnlyIsOpened() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "workspace.sqlite").path
            let old = try Database(path: path)
            try old.execute("""
                CREATE TABLE messages (
                    ts INTEGER PRIMARY KEY, thread INTEGER, user TEXT NOT NULL, text TEXT NOT NULL,
                    blocks TEXT NOT NULL, metadata TEXT, edited INTEGER NOT NULL DEFAULT 0
                );
                CREATE INDEX messages_of_thread ON messages (thread, ts);
                INSERT INTO messages VALUES (1700000000000001, NULL, 'U0ITERAPP1', 'old', '[]', '{"a":1}', 1);
                INSERT INTO messages VALUES (1700000000000002, 1700000000000001, 'U0ITERAPP1', 'answer', '[]', NULL, 0);
                """)
            old.close()
            for _ in 0..<2 {
                let workspace = try Workspace(path: path) { Date(timeIntervalSince1970: 1_600_000_000) }
                let shown = try await workspace.shown()
                XCTAssertEqual(shown.map(\.text), ["old", "answer"])
                XCTAssertEqual(shown[0].timestamp, "1700000000.000001")
                XCTAssertEqual(shown[0].metadata, ["a": 1])
                XCTAssertTrue(shown[0].isEdited)
                XCTAssertEqual(shown[1].threadTimestamp, "1700000000.000001")
                XCTAssertFalse(shown[1].isEdited)
                let members = try await workspace.members()
                XCTAssertEqual(members.filter { !$0.isBot }.map(\.name), ["ann", "bob", "you"])
            }
            let workspace = try Workspace(path: path) { Date(timeIntervalSince1970: 1_600_000_000) }
            let next = try await workspace.post(user: Workspace.botID, text: "new")
            XCTAssertEqual(next.timestamp, "1700000000.000003", "a clock that was set back makes no old names")
        }
    }

    func testWhatIsWrittenDownIsThereAfterwards() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "workspace.sqlite").path
            let first = try Workspace(path: path) { .now }
            let message = try await first.post(
                user: Workspace.botID, in: Workspace.generalID, text: "hello", blocks: [["type": "divider"]],
                metadata: ["event_type": "x", "event_payload": [:]], files: [["id": "F1"]])
            _ = try await first.edit(message.timestamp, in: Workspace.generalID, text: "hello you", blocks: [])
            let home = try await first.publishHome(for: Workspace.annID, hash: nil, ["type": "home", "blocks": []])
            try await first.rename(Workspace.generalID, to: "all")
            try await first.put(ChatMember(id: "U0NEW", name: "new", realName: "New"))
            try await first.put(ChatGroup(id: "S0NEW", handle: "new", name: "New", members: ["U0NEW"]))

            let second = try Workspace(path: path) { .now }
            let read = try await second.message(message.timestamp, in: Workspace.generalID)
            XCTAssertEqual(read?.text, "hello you")
            XCTAssertEqual(read?.blocks, [])
            XCTAssertEqual(read?.files, [["id": "F1"]])
            XCTAssertEqual(read?.metadata?["event_type"], "x")
            XCTAssertEqual(read?.edit?.user, Workspace.botID)
            let readHome = try await second.home(of: Workspace.annID)
            XCTAssertEqual(readHome, home)
            let channel = try await second.channel(Workspace.generalID)
            XCTAssertEqual(channel?.name, "all")
            let direct = try await second.channel(Workspace.directID(of: "U0NEW"))
            XCTAssertEqual(direct?.members, ["U0NEW", Workspace.botID], "new members can be written to")
            let groups = try await second.groups()
            XCTAssertEqual(groups.first { $0.id == "S0NEW" }?.members, ["U0NEW"])
        }
    }

    func testTimestampsAreUniqueAndGrow() async throws {
        let workspace = try Workspace(path: ":memory:") { Date(timeIntervalSince1970: 1_790_000_000) }
        var all: [String] = []
        for index in 0..<50 {
            let channel = index % 2 == 0 ? Workspace.channelID : Workspace.generalID
            all.append(try await workspace.post(user: Workspace.botID, in: channel, text: "x").timestamp)
        }
        XCTAssertEqual(all, all.sorted())
        XCTAssertEqual(Set(all).count, all.count)
        XCTAssertEqual(all.first, "1790000000.000000")
    }

    func testWhatIsNoTimestampIsNone() {
        for text in ["", "1", "1.1", "1.0000001", "a.000000", "1.00000a", ".000000", "1.000000.000000", "-1.000000",
            "99999999999999999999.000000", "1,000000", "+1.000000"]
        {
            XCTAssertNil(SlackTimestamp.microseconds(text), text)
        }
        XCTAssertEqual(SlackTimestamp.microseconds("1790000000.000042"), 1_790_000_000_000_042)
        XCTAssertEqual(SlackTimestamp.text(1_790_000_000_000_042), "1790000000.000042")
    }

    func testListenersHearOfAllThatHappens() async throws {
        let workspace = try Workspace(path: ":memory:") { .now }
        var events = await workspace.changes().makeAsyncIterator()
        let message = try await workspace.post(user: Workspace.botID, in: Workspace.generalID, text: "1")
        if case .message(let heard) = await events.next() { XCTAssertEqual(heard, message) } else { XCTFail("post") }
        _ = try await workspace.edit(message.timestamp, in: Workspace.generalID, text: "2", blocks: [])
        if case .message(let heard) = await events.next() { XCTAssertEqual(heard.text, "2") } else { XCTFail("edit") }
        try await workspace.delete(message.timestamp, in: Workspace.generalID)
        if case .deleted(let channel, let timestamp) = await events.next() {
            XCTAssertEqual([channel, timestamp], [Workspace.generalID, message.timestamp])
        } else { XCTFail("delete") }
        let told = await workspace.whisper(to: Workspace.annID, in: Workspace.generalID, text: "3")
        if case .ephemeral(let heard) = await events.next() { XCTAssertEqual(heard, told) } else { XCTFail("whisper") }
        await workspace.removeEphemeral(told.timestamp)
        if case .ephemeralDeleted(let heard) = await events.next() { XCTAssertEqual(heard, told) } else { XCTFail() }
        let modal = try await workspace.openModal(for: Workspace.bobID, ["type": "modal", "blocks": []])
        if case .modal(let user, let view) = await events.next() {
            XCTAssertEqual(user, Workspace.bobID)
            XCTAssertEqual(view, modal)
        } else { XCTFail("modal") }
        await workspace.closeModals(of: Workspace.bobID)
        if case .modal(_, let view) = await events.next() { XCTAssertNil(view) } else { XCTFail("close") }
        _ = try await workspace.publishHome(for: Workspace.bobID, hash: nil, ["type": "home", "blocks": []])
        if case .home(let user, _) = await events.next() { XCTAssertEqual(user, Workspace.bobID) } else { XCTFail() }
        try await workspace.setArchived(Workspace.generalID, true)
        if case .channel(let channel) = await events.next() {
            XCTAssertTrue(channel.isArchived)
            XCTAssertFalse(channel.hasBot, "archiving throws bots out")
        } else { XCTFail("channel") }
    }
}
