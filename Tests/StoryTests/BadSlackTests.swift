import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Sandbox

/// What a bad day of Slack's does to the notices of the journal: late, in order, none lost, none twice.
final class BadSlackTests: XCTestCase {
    func testAStormOf429() async throws {
        try await DeliveryDesk.with(speed: 30, limits: .real) { desk in
            let names = (1...8).map(String.init)
            var operations: [Deploys.Operation] = []
            for name in names { operations.append(try await desk.accept(name)) }
            try await desk.deliver()
            for (operation, name) in zip(operations, names) { try await desk.finish(operation, name) }
            try await desk.deliver()
            let texts = try await desk.texts()
            XCTAssertEqual(texts, names.flatMap(DeliveryDesk.live) + names.map(DeliveryDesk.announced))
            let calls = desk.slack.calls.of("chat.postMessage")
            XCTAssertTrue(calls.contains { $0.outcome == "429" }, "no limit was met: nothing is shown")
            for (refused, next) in zip(calls, calls.dropFirst()) where refused.outcome == "429" {
                let pause = next.time.timeIntervalSince(refused.time)
                XCTAssertGreaterThanOrEqual(pause, 0.99, "not before Retry-After")
            }
        }
    }

    func testAnHourWithoutSlack() async throws {
        try await DeliveryDesk.with(speed: 2_000, limits: .real) { desk in
            let early = try await desk.accept("0")
            try await desk.deliver()
            await desk.slack.stop()
            let began = desk.now()
            let names = (1...5).map(String.init)
            var operations: [(Deploys.Operation, String)] = [(early, "0")]
            for name in names { operations.append((try await desk.accept(name), name)) }
            for (operation, name) in operations {
                try await desk.rollOut(operation, name, states: 20)
                try await desk.finish(operation, name)
            }
            try await desk.deliver { $0.now().timeIntervalSince(began) > 3_600 }
            desk.slack.calls.clear()
            try desk.slack.start()
            try await desk.deliver()
            let texts = try await desk.texts()
            let wanted = DeliveryDesk.live("0") + names.flatMap(DeliveryDesk.live)
            XCTAssertEqual(texts, wanted + [DeliveryDesk.announced("0")], "late, in order, none lost")
            XCTAssertEqual(desk.slack.calls.of("chat.update").count, 1, "only the newest state is worth an edit")
        }
    }

    func testAnAnswerThatGotLostIsNoSecondMessage() async throws {
        for fault in [SlackFaults.Fault.dropAnswer, .badGateway, .status(500), .refuse("fatal_error"), .cut] {
            try await DeliveryDesk.with(speed: 60) { desk in
                desk.slack.faults.next(2, fault, of: "chat.postMessage")
                let operation = try await desk.accept()
                try await desk.deliver()
                desk.slack.faults.next(2, fault, of: "chat.postMessage") { $0["thread_ts"] != nil }
                desk.slack.faults.next(2, fault, of: "chat.update")
                try await desk.finish(operation)
                try await desk.deliver()
                let texts = try await desk.texts()
                XCTAssertEqual(texts, DeliveryDesk.live() + [DeliveryDesk.announced()], "\(fault)")
            }
        }
    }

    func testADeletedMessageIsPostedAnew() async throws {
        try await DeliveryDesk.with(speed: 60, limits: .real) { desk in
            let operation = try await desk.accept()
            try await desk.deliver()
            let root = try await desk.slack.workspace.shown()[0]
            try await desk.slack.workspace.delete(root.timestamp)
            try await desk.finish(operation)
            try await desk.deliver()
            let texts = try await desk.texts()
            XCTAssertEqual(texts, DeliveryDesk.live() + [DeliveryDesk.announced()])
        }
    }

    /// What somebody has to mend: nothing is lost, Slack is not pestered, and all arrives when it is mended.
    func testWhatSomebodyHasToMend() async throws {
        let log = Workspace.channelID
        let bot = Workspace.botID
        typealias Deed = @Sendable (SlackServer) async throws -> Void
        let cases: [(String, Deed, Deed)] = [
            (
                "not_in_channel", { try await $0.workspace.remove(bot, from: log) },
                { try await $0.workspace.invite(bot, to: log) }
            ),
            (
                "is_archived", { try await $0.workspace.setArchived(log, true) },
                { slack in
                    try await slack.workspace.setArchived(log, false)
                    try await slack.workspace.invite(bot, to: log)
                }
            ),
            ("token_revoked", { $0.grant.end(with: "token_revoked") }, { $0.grant.end(with: nil) }),
            ("missing_scope", { $0.grant.scopes.remove("chat:write") }, { $0.grant.scopes.insert("chat:write") }),
        ]
        for (error, spoil, mend) in cases {
            try await DeliveryDesk.with(speed: 600, limits: .real) { desk in
                try await spoil(desk.slack)
                let operation = try await desk.accept()
                try await desk.finish(operation)
                let began = desk.now()
                try await desk.deliver { $0.now().timeIntervalSince(began) > 250 }
                let waiting = try await desk.undelivered()
                XCTAssertGreaterThan(waiting, 0, error)
                XCTAssertEqual(Set(desk.outcomes("chat.postMessage")), [error])
                XCTAssertLessThanOrEqual(desk.slack.calls.all.count, 6, "\(error): Slack is pestered")
                try await mend(desk.slack)
                try await desk.deliver()
                let texts = try await desk.texts()
                XCTAssertEqual(texts, DeliveryDesk.live(), error)
            }
        }
    }
}
