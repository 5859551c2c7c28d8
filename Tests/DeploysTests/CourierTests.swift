import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// Notices reach the workspace in order, each once, whatever it or the courier does in between.
final class CourierTests: XCTestCase {
    private func courier(_ bench: Bench, _ workspace: FakeWorkspace, log: Log? = nil) -> Courier {
        Courier(
            outbox: bench.journal, messenger: workspace, signals: bench.signals,
            pace: Pace(burst: 10_000, perSecond: 10_000), now: { workspace.now }, log: log ?? bench.log.log)
    }

    /// A deploy that ends, with everything that is told of one.
    private func tellAll(_ bench: Bench) async throws {
        try await bench.register("cats")
        bench.world.commit("a", ["iterapp.toml": "[env.common]\nport = \"80\"\n"])
        await bench.command("deploy cats test main")
        try await bench.work(until: 1)
        let operation = try await bench.operation(2)
        let later = Report(operation: operation, appLabel: "cats", phase: .certificateRecovered(hosts: ["cats.cool"]))
        try await bench.journal.record(operation, notices: [.announcement(later)])
    }

    private func isEmpty(_ bench: Bench) async throws -> Bool {
        try await bench.journal.statistics().undeliveredNotices == 0
    }

    private func start(_ courier: Courier) -> Task<Void, Never> { Task { await courier.run() } }

    /// Runs the courier until the workspace has that many messages.
    private func run(_ courier: Courier, until count: Int, in workspace: FakeWorkspace) async throws {
        let work = start(courier)
        try await workspace.messages.wait(for: "\(count) messages") { $0.count >= count }
        work.cancel()
        await work.value
    }

    /// Runs the courier until nothing waits any more.
    private func drain(_ bench: Bench, _ workspace: FakeWorkspace) async throws {
        let work = start(courier(bench, workspace))
        let deadline = ContinuousClock.now + Watched<Int>.timeLimit
        while try await !isEmpty(bench), ContinuousClock.now < deadline { await Task.yield() }
        work.cancel()
        await work.value
        let isEmpty = try await isEmpty(bench)
        XCTAssertTrue(isEmpty, "notices still wait")
    }

    private let all = ["live", "↳ Warnings", "announcement"]

    func testOneLiveMessageItsThreadAndTheAnnouncement() async throws {
        try await Bench.with { bench in
            let workspace = FakeWorkspace()
            try await tellAll(bench)
            try await drain(bench, workspace)
            XCTAssertEqual(workspace.messages.value.map(\.words), all)
        }
    }

    /// A stop at each call of the workspace, before and after it took the message.
    func testAStopAtAnyCallNeitherLosesNorDoublesAMessage() async throws {
        for call in 1...3 {
            for isTaken in [false, true] {
                try await Bench.with { bench in
                    let workspace = FakeWorkspace()
                    try await tellAll(bench)
                    let work = Watched<Task<Void, Never>?>(nil)
                    workspace.onCall { count, taken in if count == call, taken == isTaken { work.value?.cancel() } }
                    let running = start(courier(bench, workspace))
                    work.change { $0 = running }
                    try await workspace.calls.wait(for: "call \(call)") { $0 >= call }
                    await running.value
                    try await drain(bench, workspace)
                    XCTAssertEqual(workspace.messages.value.map(\.words), all, "\(call) \(isTaken)")
                }
            }
        }
    }

    /// The process dies between a call and what would have been recorded of it.
    func testADeathAroundAnyCallNeitherLosesNorDoublesAMessage() async throws {
        for call in 1...3 {
            for isTaken in [false, true] {
                try await Bench.with { bench in
                    let workspace = FakeWorkspace()
                    try await tellAll(bench)
                    let dead = Watched(false)
                    workspace.onCall { count, taken in
                        if count == call, taken == isTaken { dead.change { $0 = true } }
                    }
                    if !isTaken {
                        workspace.fail(at: call, .before(.outage(reason: "", mayHaveArrived: false)))
                    }
                    let outbox = DyingOutbox(outbox: bench.journal, isDead: dead)
                    let dying = Courier(
                        outbox: outbox, messenger: workspace, signals: bench.signals,
                        pace: Pace(burst: 10_000, perSecond: 10_000), now: { workspace.now }, log: .silent)
                    let running = start(dying)
                    try await dead.wait(for: "death at call \(call)") { $0 }
                    running.cancel()
                    await running.value
                    try await drain(bench, workspace)
                    XCTAssertEqual(workspace.messages.value.map(\.words), all, "\(call) \(isTaken)")
                }
            }
        }
    }

    func testAnAnswerThatGotLostIsLookedForAndNotSentAgain() async throws {
        try await Bench.with { bench in
            let workspace = FakeWorkspace()
            workspace.fail(
                .afterwards(.outage(reason: "502", mayHaveArrived: true)),
                .afterwards(.outage(reason: "502", mayHaveArrived: true)))
            try await tellAll(bench)
            try await drain(bench, workspace)
            XCTAssertEqual(workspace.messages.value.map(\.words), all)
        }
    }

    func testALiveMessageThatIsGoneIsPostedAnewAndItsThreadWithIt() async throws {
        try await Bench.with { bench in
            let workspace = FakeWorkspace()
            try await bench.register("cats")
            bench.world.commit("a", ["iterapp.toml": "[env.common]\nport = \"80\"\n"])
            await bench.command("deploy cats test main")
            try await run(courier(bench, workspace), until: 1, in: workspace)
            workspace.messages.change { $0 = [] }
            try await bench.work(until: 1)
            try await drain(bench, workspace)
            XCTAssertEqual(workspace.messages.value.map(\.words), all, "and its end is announced")
        }
    }

    func testARefusalHoldsTheChannelUpIsLoggedOnceAndLosesNothing() async throws {
        try await Bench.with { bench in
            let workspace = FakeWorkspace()
            let refusal = FakeWorkspace.Fault.before(.refused(.channel, reason: "chat.postMessage: not_in_channel"))
            workspace.fail(refusal, refusal, refusal)
            try await tellAll(bench)
            try await drain(bench, workspace)
            XCTAssertEqual(workspace.messages.value.map(\.words), all)
            XCTAssertEqual(bench.log.lines.filter { $0.contains("not_in_channel") }, [
                "warning notices for #iterapp-logs wait: chat.postMessage: not_in_channel"
            ])
        }
    }

    func testAChannelThatWaitsHoldsUpNoOther() async throws {
        try await Bench.with { bench in
            let workspace = FakeWorkspace()
            workspace.refuse(channel: "#broken")
            try await bench.register("cats")
            for channel in ["#broken", Bench.room] {
                let request = OperationRequest(
                    kind: .deploy, app: AppID(organisation: "iterate", name: "cats"), environment: .test,
                    revision: Revision("main"), trigger: .push(by: "ada"), channel: channel, deduplicationKey: nil)
                _ = try await bench.journal.accept(
                    request, at: Bench.noon,
                    notices: { operation, ahead in
                        [.live(Report(operation: operation, appLabel: "cats", phase: .queued(ahead: ahead)))]
                    }, superseding: { _, _ in [] })
            }
            try await run(courier(bench, workspace), until: 1, in: workspace)
            let left = try await bench.journal.channelsWithPosts()
            XCTAssertEqual(left, ["#broken"])
        }
    }
}
