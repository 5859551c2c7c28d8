import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Slack asks for time, is away, or answers badly: messages come late, in order, each once.
final class DeliveryFaultTests: XCTestCase {
    /// An hour passes in two seconds.
    func testAnHourWithoutSlackMakesMessagesLateAndNothingElse() async throws {
        try await DeliveryBench.with(speed: 1_800) { bench in
            var operations: [Deploys.Operation] = []
            for number in 1...20 { operations.append(try await bench.operation("app\(number)")) }
            try await bench.deliverAll()
            let began = bench.now()
            await bench.slack.stop()
            let figures = try await bench.delivering {
                for number in 1...20 { operations.append(try await bench.operation("late\(number)")) }
                for ready in 1...30 {
                    for operation in operations { try await bench.show(operation, ready: ready) }
                }
                for operation in operations {
                    try await bench.detail(operation, "1 \(operation.app.name)")
                    try await bench.detail(operation, "2 \(operation.app.name)")
                    try await bench.end(operation)
                }
                try await bench.wait("the hour") { bench.now().timeIntervalSince(began) > 3_600 }
            }
            let tries = figures.failed.values.flatMap(\.values).reduce(0, +)
            // On a busy machine, what comes before the wait takes hours of it.
            let hours = bench.now().timeIntervalSince(began) / 3_600
            XCTAssertLessThan(
                Double(tries), 80 + 120 * hours, "two lanes that try once a minute, or less often after a start")
            let before = bench.calls("chat.update").count
            try bench.slack.start()
            try await bench.deliverAll()
            XCTAssertEqual(bench.calls("chat.update").count - before, 20, "edits collapsed to the last")
            try await check(operations, bench)
            XCTAssertLessThan(bench.said.lines.count, 20, "an outage is told once: \(bench.said.lines)")
        }
    }

    private func check(_ operations: [Deploys.Operation], _ bench: DeliveryBench) async throws {
        let messages = try await bench.messages()
        // One whose message is just being tried when it ends is announced, too: nobody knows what becomes of the try.
        var tried = 0
        for operation in operations {
            let name = operation.app.name
            let isLate = name.hasPrefix("late")
            let own = messages.filter { $0.threadTimestamp == nil && $0.text.contains(" \(name) ") }
            if isLate, own.count == 2 { tried += 1 }
            XCTAssertTrue(
                own.count == 2 || isLate && own.count == 1,
                "\(name): its message, and its announcement unless it came late: \(own.count)")
            XCTAssertTrue(own.first?.text.contains("live") ?? false, "\(own.map(\.text))")
            let thread = messages.filter { $0.threadTimestamp == own.first?.timestamp }.map(\.text)
            XCTAssertEqual(thread, ["1 \(name)", "2 \(name)"])
        }
        XCTAssertLessThanOrEqual(tried, 1)
        XCTAssertEqual(messages.count, 20 * 4 + 20 * 3 + tried)
        let roots = messages.filter { $0.threadTimestamp == nil && !$0.text.contains("http") }.map(\.text)
        let order = operations.compactMap { operation in roots.firstIndex { $0.contains(" \(operation.app.name) ") } }
        XCTAssertEqual(order, order.sorted())
    }

    func testAStormOfRefusalsIsWaitedFor() async throws {
        try await DeliveryBench.with(speed: 100) { bench in
            let operation = try await bench.operation("cats")
            try await bench.deliverAll()
            bench.slack.faults.next(8, .status(429, retryAfterSeconds: 7), of: "chat.postMessage")
            bench.slack.faults.next(8, .status(429, retryAfterSeconds: 9), of: "chat.update")
            for number in 1...5 { try await bench.detail(operation, "\(number)") }
            try await bench.show(operation, ready: 4)
            let figures = try await bench.deliverAll()
            XCTAssertEqual(figures.failed[.reply], [.limited: 8])
            XCTAssertEqual(figures.failed[.edit], [.limited: 8])
            for (method, seconds) in [("chat.postMessage", 7.0), ("chat.update", 9)] {
                let times = bench.calls(method).drop { $0.outcome != "429" }.prefix(9).map(\.time)
                for (one, next) in zip(times, times.dropFirst()) {
                    XCTAssertGreaterThanOrEqual(next.timeIntervalSince(one), seconds * 0.95, method)
                }
            }
            let texts = try await bench.texts()
            XCTAssertEqual(Array(texts.dropFirst()), (1...5).map { "↳ \($0)" })
            XCTAssertFalse(bench.said.lines.contains { $0.hasPrefix("warning") }, "a slower pace is nobody's concern")
        }
    }

    func testAWaitHoldsItsLaneOnlyAndOutlivesTheProcess() async throws {
        try await DeliveryBench.with(speed: 100) { bench in
            let operation = try await bench.operation("cats")
            try await bench.deliverAll()
            bench.slack.faults.next(1, .status(429, retryAfterSeconds: 200), of: "chat.postMessage")
            try await bench.detail(operation, "late")
            let asked = bench.now()
            try await bench.delivering {
                try await bench.wait("the refusal") { bench.calls("chat.postMessage", outcome: "429").count == 1 }
                try await bench.show(operation, ready: 7)
                try await bench.wait("the edit") { bench.calls("chat.update", outcome: "ok").count == 1 }
            }
            XCTAssertLessThan(bench.now().timeIntervalSince(asked), 150, "edits do not wait for posts")
            try await bench.deliverAll()
            let posted = try XCTUnwrap(bench.calls("chat.postMessage", outcome: "ok").last)
            XCTAssertGreaterThanOrEqual(posted.time.timeIntervalSince(asked), 199, "another start changes nothing")
        }
    }

    /// What Slack took is not sent again, whatever became of its answer, and however much others wrote meanwhile.
    func testAnswersThatGetLostDoubleNothing() async throws {
        for fault in [SlackFaults.Fault.dropAnswer, .badGateway] {
            try await DeliveryBench.with(speed: 20) { bench in
                let operation = try await bench.operation("cats")
                try await bench.lose(fault, "chat.postMessage")
                for number in 1...450 {
                    _ = try await bench.slack.workspace.post(user: Workspace.memberID, text: "chatter \(number)")
                }
                try await bench.deliverAll()
                XCTAssertEqual(bench.calls("conversations.history").count, 3, "page by page, back to the first try")
                try await bench.detail(operation, "words")
                try await bench.lose(fault, "chat.postMessage")
                try await bench.deliverAll()
                try await bench.writeLog("all is well\n")
                try await bench.tell(operation, bench.logFile)
                try await bench.lose(fault, "files.completeUploadExternal")
                try await bench.deliverAll()
                try await bench.end(operation)
                try await bench.lose(fault, "chat.postMessage")
                try await bench.deliverAll()
                let texts = try await bench.texts()
                XCTAssertEqual(texts.count, 4, "\(texts)")
                XCTAssertEqual(Array(texts[1...2]), ["↳ words", "↳ cats-build-3.log"])
                XCTAssertTrue(texts[0].contains("live") && texts[3].contains("live"), "\(texts)")
            }
        }
    }

    func testATimeoutAfterWhichTheMessageIsThereDoublesNothing() async throws {
        try await DeliveryBench.with { bench in
            bench.slack.faults.next(1, .hangAfterwards, of: "chat.postMessage")
            _ = try await bench.operation("cats")
            try await bench.deliverAll()
            let messages = try await bench.messages()
            XCTAssertEqual(messages.count, 1)
        }
    }

    /// A lookup that fails says nothing: only a channel that was read tells that a message is not there.
    func testADoubtLastsUntilTheChannelWasRead() async throws {
        try await DeliveryBench.with(speed: 50) { bench in
            _ = try await bench.operation("cats")
            bench.slack.faults.next(2, .status(503), of: "conversations.history")
            bench.slack.faults.next(1, .refuse("invalid_arguments"), of: "conversations.history")
            try await bench.lose(.badGateway, "chat.postMessage")
            try await bench.deliverAll()
            XCTAssertEqual(bench.calls("conversations.history").count, 4)
            XCTAssertEqual(bench.calls("chat.postMessage").count, 1)
        }
    }
}

extension DeliveryBench {
    var logFile: NoticeDraft {
        .file(
            title: "Log of build #3", name: "cats-build-3.log",
            log: LogReference(app: AppID(organisation: "iterate", name: "cats"), build: 3, appling: nil))
    }

    func writeLog(_ text: String) async throws {
        let path = logs.path(app: AppID(organisation: "iterate", name: "cats"), build: 3, appling: nil)
        let directory = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// Delivers until one call was taken and its answer was lost; then the process ends.
    func lose(_ fault: SlackFaults.Fault, _ method: String) async throws {
        slack.faults.next(1, fault, of: method)
        let before = calls(method).count
        try await delivering { try await wait(method) { calls(method).count > before } }
    }
}
