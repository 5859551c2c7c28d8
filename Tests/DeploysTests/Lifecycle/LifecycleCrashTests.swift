import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Deploys

/// What was acknowledged to whoever cancelled or approved something happens, whenever the service dies.
final class LifecycleCrashTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")
    private static let crash = RollOutError.failed(
        appling: "cats", cause: "It crashes.", advice: "Read its log.", evidence: ["boom"])

    /// Release #1 of commit a is live in test, and a deploy of commit b to test waits: operation 3.
    private func prepare(_ bench: Bench) async throws {
        try await bench.register("cats")
        bench.world.commit("a")
        try await bench.deploy(ended: 1)
        bench.world.commit("b")
        await bench.command("deploy cats test main")
        _ = try await bench.delivered()
    }

    /// Runs until the `death`th event, or until an operation has ended, and goes on with what the disk held then.
    /// - Parameter onEvent: what happens at events before.
    private func die(
        _ bench: Bench, at death: Int, failing failure: RollOutError? = nil,
        onEvent: @escaping @Sendable (_ bench: Bench, _ event: String, _ count: Int) async -> Void = { _, _, _ in }
    ) async throws -> Bench {
        let first = Bench(continuing: bench, in: World(continuing: bench.world))
        if let failure { first.world.fail("roll out", failure) }
        let (frozen, thaw) = (Watched(false), Watched(false))
        first.world.onEvent { event, count in
            await onEvent(first, event, count)
            if count >= death || event == "end settle" {
                frozen.change { $0 = true }
                try? await thaw.wait(for: "the end of the test") { $0 }
            }
        }
        let running = first.start { $0.gate = CarefulGate() }
        try await frozen.wait(for: "event \(death)") { $0 }
        let copy = bench.directory.appending(path: "copy")
        try copyJournal(bench.directory, to: copy)
        running.cancel()
        thaw.change { $0 = true }
        await running.value
        first.world.onEvent(nil)
        return try await Bench(copy, world: World(continuing: first.world))
    }

    private func copyJournal(_ directory: URL, to copy: URL) throws {
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        for name in ["iterapp.db", "iterapp.db-wal"] {
            let file = directory.appending(path: name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            try FileManager.default.copyItem(at: file, to: copy.appending(path: name))
        }
    }

    /// The events of a run that nobody disturbs.
    private func events(
        failing failure: RollOutError? = nil, _ prepare: (Bench) async throws -> Void,
        onEvent: @escaping @Sendable (_ bench: Bench, _ event: String) async -> Void = { _, _ in }
    ) async throws -> [String] {
        nonisolated(unsafe) var events: [String] = []
        try await Bench.with { bench in
            try await prepare(bench)
            let quiet = Bench(continuing: bench, in: World(continuing: bench.world))
            if let failure { quiet.world.fail("roll out", failure) }
            quiet.world.onEvent { event, _ in await onEvent(quiet, event) }
            try await quiet.work(until: 1) { $0.gate = CarefulGate() }
            quiet.world.onEvent(nil)
            events = quiet.world.events.value
        }
        return events
    }

    // MARK: Cancelling

    /// Cancelled at each moment of a deploy; the service dies right then, or a little later.
    func testACancellationOutlivesADeathAtAnyMoment() async throws {
        let count = try await events(prepare).count
        XCTAssertGreaterThan(count, 15)
        for moment in 3..<count {
            try await Bench.with { bench in
                try await prepare(bench)
                let answer = Watched<Answer?>(nil)
                let hasBegun = Mutex(false)
                let after = try await die(bench, at: moment + moment % 3) { first, _, count in
                    guard count >= moment else { return }
                    guard !hasBegun.withLock({ began in defer { began = true }; return began }) else {
                        // Nobody dies while the answer is on its way: it would not be an answer.
                        _ = try? await answer.wait(for: "the answer") { $0 != nil }
                        return
                    }
                    let given = await first.press(.cancel, 3)
                    answer.change { $0 = given }
                }
                try await check(after, answer.value, "cancelled at \(moment)")
                await after.journal.close()
            }
        }
    }

    private func check(_ after: Bench, _ answer: Answer?, _ moment: String) async throws {
        let known = try await after.operation(3)
        if !known.isFinished { try await after.work(until: 1) }
        let operation = try await after.operation(3)
        guard answer?.outcome == .accepted else {
            // It had ended before: nothing was promised.
            return XCTAssertEqual(operation.state, .succeeded, moment)
        }
        XCTAssertEqual(operation.state, .cancelled, moment)
        XCTAssertEqual(operation.cancelledBy, Bench.ola, moment)
        XCTAssertEqual(after.world.count("roll out"), 0, moment)
        let current = try await after.journal.currentRelease(of: cats, in: .test)
        XCTAssertEqual(current, 1, moment)
        guard case .cancelled(_, let aftermath)? = try await after.phase(3) else { return XCTFail(moment) }
        if operation.releaseNumber == nil {
            XCTAssertEqual(aftermath, "Nothing was changed.", moment)
        } else {
            XCTAssertEqual(aftermath, "Release #1 was put back and serves.", moment)
            let desired = try await after.journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(desired?.release, 1, moment)
            if !known.isFinished { XCTAssertEqual(after.world.count("putting back done"), 1, moment) }
        }
    }

    // MARK: Approving

    /// A deploy to prod waits that somebody has to approve: operation 4.
    private func prepareHeld(_ bench: Bench) async throws {
        try await prepare(bench)
        try await bench.work(until: 2)
        let answer = await CommandDesk(bench.intake(CarefulGate()), bench.info())
            .answer("deploy cats prod main", from: bench.sender())
        XCTAssertEqual(answer.outcome, .accepted)
        _ = try await bench.delivered()
    }

    func testAnApprovalOutlivesADeathAtAnyMoment() async throws {
        let count = try await events(prepareHeld) { bench, event in
            if event == "end hold" { _ = await bench.press(.approve, 4, CarefulGate()) }
        }.count
        for death in 3..<count {
            try await Bench.with { bench in
                try await prepareHeld(bench)
                let after = try await die(bench, at: death) { first, event, _ in
                    if event == "end hold" { _ = await first.press(.approve, 4, CarefulGate()) }
                }
                try await goOn(after)
                let operation = try await after.operation(4)
                XCTAssertEqual(operation.state, .succeeded, "died at \(death)")
                XCTAssertEqual(operation.approval?.by, Bench.ola, "died at \(death)")
                XCTAssertEqual(operation.releaseNumber, 3, "died at \(death)")
                let lines = try await after.audited().filter { $0.deed.kind == .approve }
                XCTAssertEqual(lines.count, 1, "died at \(death)")
                let asked = try await after.delivered().count {
                    if case .awaitingApproval? = $0.phase { $0.isAnnouncement } else { false }
                }
                XCTAssertEqual(asked, 1, "died at \(death)")
                await after.journal.close()
            }
        }
    }

    private func goOn(_ after: Bench) async throws {
        let known = try await after.operation(4)
        if known.isFinished { return }
        let work = after.start { $0.gate = CarefulGate() }
        if known.approval?.by == nil {
            if !known.isHeld { try await after.world.waitFor("end hold") }
            _ = await after.press(.approve, 4, CarefulGate())
        }
        try await after.world.waitFor("end settle")
        await after.stop(work)
    }

    // MARK: Putting back

    /// Whenever the service dies after a roll-out failed, the failed release is not rolled out a second time.
    func testAnInterruptedPutBackGoesOn() async throws {
        let events = try await events(failing: Self.crash, prepare)
        let remembered = try XCTUnwrap(events.firstIndex(of: "end record setback")) + 1
        for death in remembered..<events.count {
            try await Bench.with { bench in
                try await prepare(bench)
                let after = try await die(bench, at: death, failing: Self.crash)
                let wasRemembered = try await after.journal.setback(of: OperationID(3)) != nil
                if try await !after.operation(3).isFinished { try await after.work(until: 1) }
                XCTAssertEqual(after.world.count("roll out"), wasRemembered ? 0 : 1, "died at \(death)")
                if wasRemembered {
                    let failure = try await after.toldFailure()
                    XCTAssertEqual(
                        failure.sentence, "It crashes. Release #1 was put back and serves.", "died at \(death)")
                    XCTAssertEqual(failure.evidence, ["boom"])
                }
                await after.journal.close()
            }
        }
    }
}
