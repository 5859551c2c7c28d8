import Foundation
import Synchronization

/// Every write of one registration and one deploy, spoilt in every way, and what came of it.
struct PointTable {
    let shim: FaultShim
    /// Nil gives each point two: one that kills, and one that fails.
    let modes: [FaultMode]?
    /// Which two.
    let seed: UInt64
    let parallel: Int
    /// Only every so many-th point.
    var stride = 1

    /// - Returns: whether nothing was found.
    func run() async throws -> Bool {
        let start = ContinuousClock.now
        let counting = try await PointRun(shim: shim, point: 0, mode: .before).run()
        guard counting.violations.isEmpty else {
            say("without any fault: \(counting.violations)")
            return false
        }
        say("\(counting.all.count) writes from an empty directory to a deployed app, told everywhere")
        // Threads take turns as they like, so some runs write a little more.
        let last = counting.all.count + counting.all.count / 20
        let runs = Swift.stride(from: 1, through: last, by: stride).flatMap { point in
            modes(at: point).map { PointRun(shim: shim, point: point, mode: $0) }
        }
        let done = Mutex(0)
        let outcomes = try await inParallel(runs, parallel) { run in
            let outcome = try await run.run()
            Self.tell(run, outcome)
            done.withLock {
                $0 += 1
                if $0.isMultiple(of: 250) { say("\($0) of \(runs.count) runs are done") }
            }
            return outcome
        }
        say("\(outcomes.count) runs in \(Int((ContinuousClock.now - start) / .seconds(1))) s")
        report(outcomes)
        return outcomes.allSatisfy(\.violations.isEmpty)
    }

    /// Behind a write, too: what follows it may be a message, and no write.
    private static let killing: [FaultMode] = [.before, .half, .after, .power]
    private static let failing: [FaultMode] = [.eio, .endlessENOSPC, .enospc, .endlessEIO]

    private func modes(at point: Int) -> [FaultMode] {
        if let modes { return modes }
        let turn = point + Int(seed % 12)
        return [Self.killing[turn % Self.killing.count], Self.failing[turn % Self.failing.count]]
    }

    private static func tell(_ run: PointRun, _ outcome: PointRun.Outcome) {
        guard !outcome.violations.isEmpty else { return }
        let place = outcome.point.map { "\($0.call) of \($0.file)" } ?? "not reached"
        say("BROKEN: write \(run.point) (\(place)), \(run.mode.rawValue)")
        for violation in outcome.violations { say("    \(violation)") }
    }

    private func report(_ outcomes: [PointRun.Outcome]) {
        let reached = outcomes.filter { $0.point != nil }
        let kinds = Dictionary(grouping: reached) { "\($0.point?.call ?? "") \($0.point?.kindOfFile ?? "")" }
        say("\n" + Self.row(["call", "file", "points", "runs", "broken"]))
        for (_, group) in kinds.sorted(by: { $0.key < $1.key }) {
            let points = Set(group.compactMap { $0.point?.number }).count
            let broken = group.filter { !$0.violations.isEmpty }.count
            say(Self.row([
                group[0].point?.call ?? "", group[0].point?.kindOfFile ?? "", "\(points)", "\(group.count)", "\(broken)",
            ]))
        }
        say("\n" + Self.row(["mode", "", "points", "runs", "broken"]))
        for mode in FaultMode.allCases {
            let group = reached.filter { $0.mode == mode }
            if group.isEmpty { continue }
            let points = Set(group.compactMap { $0.point?.number }).count
            let broken = group.filter { !$0.violations.isEmpty }.count
            say(Self.row([mode.rawValue, "", "\(points)", "\(group.count)", "\(broken)"]))
        }
        say("not reached (the run ended before that write): \(outcomes.count - reached.count)\n")
    }

    private static func row(_ columns: [String]) -> String {
        zip(columns, [10, 36, 8, 8, 8]).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined()
    }
}
