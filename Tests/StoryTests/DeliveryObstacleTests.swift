import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Somebody has to change something in the workspace: the operator is told once, nothing is lost, and what is mended
/// is used at once.
final class DeliveryObstacleTests: XCTestCase {
    private func warnings(_ bench: DeliveryBench) -> [String] {
        bench.said.lines.filter { $0.hasPrefix("warning") }
    }

    private func desk(_ bench: DeliveryBench) -> ChannelDesk {
        ChannelDesk(outbox: bench.journal, signals: bench.signals)
    }

    func testARootThatSomebodyDeletedIsPostedAnewWithItsThread() async throws {
        try await DeliveryBench.with { bench in
            let operation = try await bench.operation("cats")
            try await bench.detail(operation, "1")
            try await bench.deliverAll()
            for message in try await bench.messages() {
                _ = try await bench.slack.workspace.delete(message.timestamp)
            }
            try await bench.detail(operation, "2")
            try await bench.detail(operation, "3")
            try await bench.deliverAll()
            let texts = try await bench.texts()
            XCTAssertEqual(texts.count, 3, "\(texts)")
            XCTAssertTrue(texts[0].contains("cats"), "what it said last")
            XCTAssertEqual(Array(texts.dropFirst()), ["↳ 2", "↳ 3"])
            let root = try await bench.messages().first?.timestamp ?? ""
            _ = try await bench.slack.workspace.delete(root)
            for message in try await bench.messages() {
                _ = try await bench.slack.workspace.delete(message.timestamp)
            }
            try await bench.end(operation)
            try await bench.detail(operation, "4")
            try await bench.deliverAll()
            let after = try await bench.texts()
            XCTAssertEqual(after.filter { $0 == "↳ 4" }.count, 1, "\(after)")
            XCTAssertEqual(after.filter { $0.contains("live") }.count, 2, "its message and the announcement: \(after)")
        }
    }

    func testAChannelThatTheBotIsNotInHoldsUpNoOther() async throws {
        try await DeliveryBench.with { bench in
            let secret = try await bench.slack.workspace.makeChannel(
                "secret", kind: .closed, members: [Workspace.memberID])
            let hidden = try await bench.operation("dogs", in: "#secret")
            let seen = try await bench.operation("cats")
            try await bench.delivering {
                try await bench.wait("the other channel's message") { try await bench.messages().count == 1 }
                try await bench.wait("the refusal") { try await bench.journal.statistics().outbox.troubles.count == 1 }
                for number in 1...3 { try await bench.detail(hidden, "\(number)") }
                try await bench.end(seen)
                try await bench.wait("the announcement") { try await bench.messages().count == 2 }
                XCTAssertEqual(self.warnings(bench).count, 1)
                XCTAssertTrue(self.warnings(bench).first?.contains("notices for #secret wait") ?? false)
                _ = try await bench.slack.workspace.invite(Workspace.botID, to: secret.id)
                try await bench.journal.remember("#secret", is: secret.id)
                try await self.desk(bench).mended(channel: secret.id)
                try await bench.settled()
            }
            let texts = try await bench.texts(in: secret.id)
            XCTAssertEqual(Array(texts.dropFirst()), ["↳ 1", "↳ 2", "↳ 3"])
            XCTAssertEqual(bench.said.lines.last, "info notices for #secret go out again")
        }
    }

    func testAnArchivedChannelWaitsUntilItIsBack() async throws {
        try await DeliveryBench.with { bench in
            let operation = try await bench.operation("cats")
            try await bench.deliverAll()
            let id = Workspace.channelID
            _ = try await bench.slack.workspace.setArchived(id, true)
            try await self.desk(bench).archived(id: id)
            try await bench.end(operation)
            let before = bench.slack.calls.all.count
            try await bench.delivering {
                // A start may have mended it, so each lane tries once.
                try await bench.wait("the refusal") { self.warnings(bench).count == 1 }
                try await bench.wait("a second look") { bench.slack.calls.all.count >= before + 1 }
                _ = try await bench.slack.workspace.setArchived(id, false)
                _ = try await bench.slack.workspace.invite(Workspace.botID, to: id)
                try await self.desk(bench).unarchived(id: id)
                try await bench.settled()
            }
            let texts = try await bench.texts()
            XCTAssertEqual(texts.count, 2, "\(texts)")
            XCTAssertTrue(texts.allSatisfy { $0.contains("live") }, "\(texts)")
        }
    }

    func testATokenThatWasRevokedStopsEverythingUntilItIsBack() async throws {
        for isToldOfIt in [true, false] {
            try await DeliveryBench.with { bench in
                let operation = try await bench.operation("cats")
                try await bench.deliverAll()
                bench.slack.grant.end(with: "token_revoked")
                try await bench.end(operation)
                _ = try await bench.operation("dogs")
                try await bench.delivering {
                    try await bench.wait("the refusal") { !self.warnings(bench).isEmpty }
                    let calls = bench.slack.calls.all.count
                    for ready in 1...20 { try await bench.show(operation, ready: ready) }
                    XCTAssertLessThanOrEqual(bench.slack.calls.all.count, calls + 1, "the other lane, at most")
                    if isToldOfIt {
                        bench.slack.grant.end(with: nil)
                        try await self.desk(bench).mended()
                        try await bench.settled()
                    }
                }
                bench.slack.grant.end(with: nil)
                try await bench.deliverAll()
                let texts = try await bench.texts()
                XCTAssertEqual(texts.count, 3)
                XCTAssertEqual(self.warnings(bench).count, 1, "\(bench.said.lines)")
                XCTAssertTrue(self.warnings(bench)[0].contains("all notices wait: token_revoked"), self.warnings(bench)[0])
            }
        }
    }

    func testAMessageThatSlackNeverTakesIsPutAsideAndTriedAtTheNextStart() async throws {
        try await DeliveryBench.with { bench in
            let operation = try await bench.operation("cats")
            try await bench.deliverAll()
            bench.slack.faults.next(2, .refuse("msg_too_long"), of: "chat.postMessage")
            try await bench.detail(operation, "1")
            try await bench.detail(operation, "2")
            try await bench.delivering {
                try await bench.wait("the second, and nothing but the first left") {
                    let figures = try await bench.journal.statistics().outbox
                    return [figures.posts, figures.edits, figures.parked] == [0, 0, 1]
                }
            }
            XCTAssertEqual(self.warnings(bench).count, 1)
            let texts = try await bench.texts()
            XCTAssertEqual(texts.last, "↳ 2")
            try await bench.deliverAll()
            let all = try await bench.texts()
            XCTAssertEqual(all.last, "↳ 1")
        }
    }

    func testARenamedChannelLosesNothing() async throws {
        try await DeliveryBench.with { bench in
            _ = try await bench.operation("cats")
            try await bench.deliverAll()
            let id = Workspace.channelID
            _ = try await bench.slack.workspace.rename(id, to: "deploys")
            try await self.desk(bench).renamed(id: id, to: "deploys")
            _ = try await bench.operation("dogs")
            try await bench.deliverAll()
            let texts = try await bench.texts()
            XCTAssertEqual(texts.count, 2, "another start still knows what #\(Workspace.channelName) means")
            let names = try await bench.journal.names(ofChannel: id)
            XCTAssertEqual(names, ["#deploys", DeliveryBench.room])
        }
    }

    func testALogGoesOutAsAFileFromItsEndWithoutSecrets() async throws {
        try await DeliveryBench.with { bench in
            let operation = try await bench.operation("cats")
            let lines = (1...40_000).map { "line \($0) hunter2 of a long build\n" }
            try await bench.writeLog(lines.joined())
            try await bench.tell(operation, bench.logFile)
            try await bench.deliverAll()
            let shown = try await bench.messages().last { !$0.files.isEmpty }
            let message = try XCTUnwrap(shown)
            let root = try await bench.messages().first?.timestamp
            XCTAssertEqual(message.threadTimestamp, root)
            XCTAssertEqual(message.files.first?["title"]?.string, "Log of build #3")
            let file = try await bench.slack.workspace.file(message.files.first?["id"]?.string ?? "")
            let text = String(decoding: file?.content ?? [], as: UTF8.self)
            XCTAssertTrue(text.hasPrefix("(The log is longer; this is its end.)\nline "), String(text.prefix(80)))
            XCTAssertTrue(text.hasSuffix("line 40000 ••• of a long build\n"))
            XCTAssertFalse(text.contains("hunter2"))
        }
    }

    func testFilesThatMayNotBeUploadedHoldUpNoOtherMessage() async throws {
        try await DeliveryBench.with { bench in
            let operation = try await bench.operation("cats")
            try await bench.writeLog("short\n")
            bench.slack.grant.scopes.remove("files:write")
            try await bench.tell(operation, bench.logFile, .detail(title: "words", lines: ["w"]))
            try await bench.delivering {
                try await bench.wait("the words") { try await bench.texts().last == "↳ words" }
                XCTAssertTrue(self.warnings(bench).first?.contains("files:write") ?? false, "\(bench.said.lines)")
                bench.slack.grant.scopes.insert("files:write")
                try await self.desk(bench).mended()
                try await bench.settled()
            }
            let texts = try await bench.texts()
            XCTAssertEqual(texts.last, "↳ cats-build-3.log")
        }
    }
}
