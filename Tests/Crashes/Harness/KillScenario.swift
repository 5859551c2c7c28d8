import Foundation
import Sandbox
import TestSupport

/// One state directory: the service lives on it again and again, and is killed each time but the last.
package struct KillScenario: Sendable {
    let shim: FaultShim
    let seed: UInt64
    let kills: Int
    /// How long everything may take to come to its end after the last kill.
    static let quietTimeLimit = Duration.seconds(300)

    package init(shim: FaultShim, seed: UInt64, kills: Int) {
        self.shim = shim
        self.seed = seed
        self.kills = kills
    }

    package struct Outcome: Sendable {
        package var kills = 0
        package var startKills = 0
        /// By a write, and not at an instant.
        package var spoilt = 0
        package var acknowledged = 0
        package var unanswered = 0
        package var takenUnanswered = 0
        package var operations = 0
        package var messages = 0
        package var violations: [String] = []
    }

    package func run() async throws -> Outcome {
        try await CrashStage.with(apps: Life.steadyApps + [Life.fickleApp]) { stage in
            var run = try await KillRun(stage, shim, SeededRandom(seed: seed))
            do {
                try await run.prepare()
                for _ in 0..<kills where run.outcome.violations.isEmpty { try await run.live() }
                if run.outcome.violations.isEmpty { try await run.finish() }
            } catch {
                run.outcome.violations.append("the run could not go on: \(error)")
            }
            if !run.outcome.violations.isEmpty {
                run.outcome.violations.append("the end of the log:\n\(run.service.log.suffix(3_000))")
            }
            await run.service.stop()
            return run.outcome
        }
    }
}

/// A scenario under way.
struct KillRun {
    let stage: CrashStage
    let service: ServiceProcess
    let mail: Mail
    let repositories: Repositories
    var outcome = KillScenario.Outcome()
    private var random: SeededRandom
    private let shim: FaultShim
    private let senders: Senders
    /// How long a life goes on when the call that shall end it does not come.
    private static let maxCallWait = Duration.milliseconds(1_500)
    /// What got no answer, and is asked for again.
    private var waiting: [Senders.Unanswered] = []

    init(_ stage: CrashStage, _ shim: FaultShim, _ random: SeededRandom) async throws {
        self.stage = stage
        self.shim = shim
        self.random = random
        service = ServiceProcess(stage)
        mail = Mail(stage)
        repositories = try await Repositories(stage)
        senders = Senders(mail: mail, repositories: repositories)
    }

    /// Registers the apps that stay.
    mutating func prepare() async throws {
        try service.launch()
        _ = try await service.waitUntilReady()
        for app in Life.steadyApps { await mail.send(mail.command("register \(app)", app: app)) }
        let ready = try await wait(atMost: .seconds(60)) { $0.operations.count == 3 && $0.operations.allSatisfy(\.isFinished) }
        guard ready != nil else { throw TestFailure("the apps could not be registered:\n\(service.log)") }
        await service.kill()
        outcome.kills += 1
    }

    // MARK: a life

    mutating func live() async throws {
        let life = Life(&random)
        let report = stage.directory.appending(path: "writes-\(outcome.kills)")
        try service.launch(
            faults: life.fault.map { shim.variables(stage, point: $0.point, mode: $0.mode, report: report) } ?? [:])
        let hasStarted = life.diesYoung ? true : try await service.waitUntilReady()
        let (again, wasRunning) = await senders.during(life, again: waiting) { [service, stage] in
            guard hasStarted else { return false }
            await Self.waitForEnd(of: life, stage.slack)
            let wasRunning = service.isRunning
            await service.kill()
            stage.slack.faults.clear()
            return wasRunning
        }
        waiting = again
        let isSpoilt = !FaultShim.points(in: report).isEmpty
        guard wasRunning || isSpoilt else {
            return outcome.violations.append("the service ended by itself with exit code \(service.exitCode ?? -1)")
        }
        if isSpoilt { outcome.spoilt += 1 }
        outcome.kills += 1
        if life.diesYoung { outcome.startKills += 1 }
        try checkPromises()
    }

    /// At its instant, or then at the next call that the life waits for.
    private static func waitForEnd(of life: Life, _ slack: SlackServer) async {
        try? await Task.sleep(for: .microseconds(life.killAfterMicroseconds))
        guard let call = life.call else { return }
        slack.faults.next(1, call.isTaken ? .hangAfterwards : .hang, of: call.method)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await slack.faults.wait(untilHanging: 1) }
            group.addTask {
                // The call never came: whoever waits for it is let go.
                if (try? await Task.sleep(for: maxCallWait)) != nil { slack.faults.clear() }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private mutating func checkPromises() throws {
        guard let journal = try JournalCopy(of: stage.state, in: stage.directory) else {
            return outcome.violations.append("the journal is gone")
        }
        var proof = Proof(stage, mail, journal, steadyApps: Set(Life.steadyApps))
        proof.checkPromises()
        outcome.violations += proof.violations
    }

    // MARK: the end

    mutating func finish() async throws {
        try service.launch()
        _ = try await service.waitUntilReady()
        // What was pushed while nobody listened is seen by the look at the start, or told now.
        for one in waiting { _ = await senders.ask(again: one) }
        let heads = await repositories.pushedHeads
        let wanted = heads.filter { Life.steadyApps.contains($0.key) }.values
        let quiet = try await wait(atMost: KillScenario.quietTimeLimit) { journal in
            journal.isQuiet && Set(journal.pushedCommits).isSuperset(of: wanted)
        }
        await service.kill()
        guard let journal = try JournalCopy(of: stage.state, in: stage.directory) else {
            return outcome.violations.append("the journal is gone")
        }
        if quiet == nil { outcome.violations.append("not all came to its end within \(KillScenario.quietTimeLimit)") }
        var proof = Proof(
            stage, mail, journal, contents: await repositories.contents, pushedHeads: heads,
            steadyApps: Set(Life.steadyApps))
        try await proof.checkEnd()
        outcome.violations += proof.violations
        count(journal)
    }

    /// Waits for the journal to be as wanted. Copies that a write spoilt are made again.
    private func wait(atMost limit: Duration, _ condition: (JournalCopy) -> Bool) async throws -> JournalCopy? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let copy = try? JournalCopy(of: stage.state, in: stage.directory), condition(copy) { return copy }
            guard service.isRunning else { throw TestFailure("the service ended by itself:\n\(service.log.suffix(3_000))") }
            try await Task.sleep(for: .milliseconds(100))
        }
        return nil
    }

    private mutating func count(_ journal: JournalCopy) {
        outcome.operations = journal.operations.count
        outcome.messages = (try? Channel(of: stage).messages.count) ?? 0
        for order in mail.orders {
            switch order.fate {
            case .acknowledged: outcome.acknowledged += 1
            case .refused: break
            case .unanswered:
                outcome.unanswered += 1
                if journal.operationsByKey[order.key] != nil { outcome.takenUnanswered += 1 }
            }
        }
    }
}

extension JournalCopy {
    /// The commits of pushes.
    var pushedCommits: [String] { operations.filter { $0.kind == "push" }.compactMap(\.commit) }
}
