import AppFile
import Foundation

/// Carries one operation through its steps. Every step can be repeated: after a crash the operation starts
/// over and finds what was recorded (its commit, its build) instead of doing it again.
struct OperationRunner: Sendable {
    private let ports: Ports
    private let naming: Naming
    private let signals: Signals
    private let limits: WorkLimits
    private let builds: BuildStep
    private let deploys: DeployStep
    private let repairs: RepairStep
    private let overtaking: OvertakingWatch

    init(ports: Ports, naming: Naming, signals: Signals, limits: WorkLimits, policy: WorkPolicy) {
        var ports = ports
        ports.source = PatientSource(ports.source, limits: limits)
        ports.cluster = MaskedCluster(ports.cluster, ports.mask, naming)
        self.ports = ports
        self.naming = naming
        self.signals = signals
        self.limits = limits
        builds = BuildStep(ports: ports, limits: limits, turnstile: Turnstile())
        deploys = DeployStep(ports: ports, naming: naming, limits: limits, policy: policy)
        repairs = RepairStep(ports: ports)
        overtaking = OvertakingWatch(ports: ports, signals: signals)
    }

    /// Returns when the operation is settled, put aside, or back in the queue.
    func run(_ operation: Operation) async {
        let story = Story(operation, ports: ports, naming: naming, signals: signals, limits: limits)
        switch await attempt(operation, story) {
        case .ends(let ending):
            if let person = await story.settle(ending) { await cancel(story, by: person) }
            // From now on, what is pushed is to be built.
            if operation.kind == .register { signals.looks.fire() }
        case .waits:
            do { try await story.putBack() } catch { _ = await story.settle(ending(operation, error)) }
        case .held:
            break
        case .unwanted(let person):
            await cancel(story, by: person)
        case .interrupted:
            await story.putBackAtStop()
        }
    }

    /// Somebody may stop it at any moment; undoing what it has changed then comes after it, and is not stopped with it.
    private func attempt(_ operation: Operation, _ story: Story) async -> Outcome {
        let run = await signals.cancellations.run(operation.id) {
            // Who wanted it to stop before it could be told has written so.
            if let person = try await ports.journal.operation(operation.id)?.cancelledBy {
                return Outcome.unwanted(by: person)
            }
            if operation.releaseNumber != nil, let failure = try await ports.journal.setback(of: operation.id) {
                return try await deploys.putBack(after: failure, story)
            }
            return try await carryOut(operation, story)
        }
        switch run.result {
        case .success(let outcome):
            return outcome
        case .failure where Task.isCancelled:
            // Whatever a step made of being cancelled: nothing failed, the service stops.
            return .interrupted
        case .failure(let error):
            // Who wants it to stop writes so before it is stopped: a step may have read it in between.
            let written = try? await ports.journal.operation(operation.id)?.cancelledBy
            if let person = run.stoppedBy ?? written { return .unwanted(by: person) }
            return .ends(await ending(story.operation, error))
        }
    }

    private func cancel(_ story: Story, by person: Person) async {
        do { _ = await story.settle(try await CancelStep(ports: ports).run(story, by: person)) } catch {
            await story.putBackAtStop()
        }
    }

    private func carryOut(_ operation: Operation, _ story: Story) async throws -> Outcome {
        switch operation.kind {
        case .register:
            return .ends(try await RegisterStep(ports: ports, naming: naming).run(story))
        case .deregister:
            return .ends(Ending(.deregistered, isAnnounced: false))
        case .repository:
            return .ends(.quiet)
        case .build:
            _ = try await builds.run(story, evenIfBuilt: true)
            return .ends(Ending(.built, isAnnounced: false))
        case .deploy:
            return try await deploys.run(try await builds.run(story, evenIfBuilt: false), story)
        case .push:
            return try await push(story)
        case .repair:
            return .ends(try await repairs.run(await story.operation))
        }
    }

    private func push(_ story: Story) async throws -> Outcome {
        let isRerun = if case .rerun = await story.operation.trigger { true } else { false }
        let standing = try await standing(story, isRerun: isRerun)
        if !isRerun, let ending = await ending(standing, story) { return .ends(ending) }
        let built: BuiltCommit
        switch try await build(story, isRerun: isRerun) {
        case .built(let commit): built = commit
        case .overtaken(let head): return .ends(await overtaken(by: head, story))
        }
        let operation = await story.operation
        // An old commit may be built again, but must not go where a newer one is.
        let target = standing == .current ? try await target(of: operation, built.file) : nil
        if operation.environment == target, target != nil { return try await deploys.run(built, story) }
        await story.note { $0.environment = target }
        // It deploys somewhere else than was thought when it was accepted: that lane's others come first.
        return target == nil ? .ends(Ending(.built, isAnnounced: false)) : .waits
    }

    /// Whoever wants an old commit built again does not care that there is a newer one; and what was built before a
    /// restart, or before it was approved, goes on to its end.
    private func build(_ story: Story, isRerun: Bool) async throws -> OvertakingWatch.Run {
        let operation = await story.operation
        let isBuilt = try await isBuilt(operation)
        if isRerun || isBuilt { return .built(try await builds.run(story, evenIfBuilt: isRerun)) }
        return try await overtaking.run(operation) { [builds] in try await builds.run(story, evenIfBuilt: false) }
    }

    private func isBuilt(_ operation: Operation) async throws -> Bool {
        guard let number = operation.buildNumber else { return false }
        return try await ports.journal.build(number, of: operation.app)?.images != nil
    }

    /// Looked at before the build: what has been built is deployed, and the newer push comes after it.
    private func standing(_ story: Story, isRerun: Bool) async throws -> BranchStanding {
        let operation = await story.operation
        guard operation.buildNumber == nil || isRerun && operation.releaseNumber == nil else { return .current }
        let standing = try await ports.standing(of: operation)
        if standing == .current || standing == .ahead { try await story.settleDoubt() }
        guard standing == .ahead else { return standing }
        // Who went back told so in a push of its own; told before this one, it was taken for one that was known.
        // It may stand where the last look saw it.
        try await ports.journal.lookInFull(at: operation.app)
        signals.looks.fire()
        return .current
    }

    /// Of a push that nobody needs any more.
    private func ending(_ standing: BranchStanding, _ story: Story) async -> Ending? {
        switch standing {
        case .current, .ahead: return nil
        case .gone: return Ending(.superseded(by: nil), isAnnounced: false)
        case .elsewhere(let head): return await overtaken(by: head, story)
        }
    }

    private func overtaken(by head: CommitID, _ story: Story) async -> Ending {
        let operation = await story.operation
        let branch = operation.revision?.text ?? ""
        // At worst, the branch is looked at once more.
        try? await ports.journal.overtaken(on: branch, of: operation.app, by: head)
        signals.looks.fire()
        let known = try? await ports.journal.operation(building: head, of: operation.app, on: branch)
        let commit = known?.commit ?? Commit(id: head, subject: "", author: "")
        return Ending(.superseded(by: commit), isAnnounced: false)
    }

    /// Where a push is deployed to, as its own settings say; nil when it is only built.
    private func target(of push: Operation, _ file: AppFile) async throws -> EnvironmentName? {
        guard let app = try await ports.journal.app(push.app), push.revision?.text == app.defaultBranch else {
            return nil
        }
        let target = file.defaultEnvironment.flatMap(EnvironmentName.init(parsing:))
        if app.defaultEnvironment != target {
            try await ports.journal.setDefaultEnvironment(target, of: app.id)
        }
        return target
    }

    private func ending(_ operation: Operation, _ error: any Error) async -> Ending {
        let failure = await sayingWhatServes(failure(operation, error), operation)
        // Whoever registers waits for the answer, and nobody else does.
        return .failed(failure, isAnnounced: operation.kind != .register)
    }

    /// Steps throw a `Failure` that people are told, or a `JournalError`; anything else is a fault of ours.
    private func failure(_ operation: Operation, _ error: any Error) -> Failure {
        switch error {
        case let failure as Failure:
            return failure.masked(by: ports.mask.of(operation.app))
        case let reason as JournalError:
            ports.log.error("operation \(operation.id) can't go on: \(reason)")
            return .journalBroken(reason)
        default:
            ports.log.error("operation \(operation.id) ended unexpectedly: \(error)")
            return ServiceWords.unexpected
        }
    }
}

extension OperationRunner {
    /// Whoever is told in the night that a deploy failed asks first what the app's users see now. Before the
    /// roll-out nothing was touched; from then on its own step knows.
    private func sayingWhatServes(_ failure: Failure, _ operation: Operation) async -> Failure {
        guard operation.kind == .deploy || operation.kind == .push, let environment = operation.environment,
            [.source, .settings, .build].contains(failure.stage),
            let number = try? await ports.journal.currentRelease(of: operation.app, in: environment)
        else { return failure }
        return ServiceWords.adding(serving: number, to: failure)
    }
}
