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

    init(ports: Ports, naming: Naming, signals: Signals, limits: WorkLimits, policy: WorkPolicy) {
        var ports = ports
        ports.source = PatientSource(ports.source, limits: limits)
        self.ports = ports
        self.naming = naming
        self.signals = signals
        self.limits = limits
        builds = BuildStep(ports: ports, limits: limits, turnstile: Turnstile())
        deploys = DeployStep(ports: ports, naming: naming, limits: limits, policy: policy)
        repairs = RepairStep(ports: ports)
    }

    /// Returns when the operation is settled or back in the queue.
    func run(_ operation: Operation) async {
        let story = Story(operation, ports: ports, naming: naming, signals: signals, limits: limits)
        do {
            guard let ending = try await carryOut(operation, story) else { return try await story.putBack() }
            await story.settle(ending)
        } catch where Task.isCancelled {
            // Whatever a step made of being cancelled: nothing failed, the service stops.
            await story.putBackAtStop()
        } catch {
            let failure = failure(operation, error)
            await story.settle(.failed(await sayingWhatServes(failure, await story.operation)))
        }
    }

    /// - Returns: nil when the operation has to wait in another lane.
    private func carryOut(_ operation: Operation, _ story: Story) async throws -> Ending? {
        switch operation.kind {
        case .register:
            return try await RegisterStep(ports: ports, naming: naming).run(story)
        case .deregister:
            return Ending(.deregistered, isAnnounced: false)
        case .build:
            _ = try await builds.run(story, evenIfBuilt: true)
            return Ending(.built, isAnnounced: false)
        case .deploy:
            return try await deploys.run(try await builds.run(story, evenIfBuilt: false), story)
        case .push:
            return try await push(story)
        case .repair:
            return try await repairs.run(await story.operation)
        }
    }

    private func push(_ story: Story) async throws -> Ending? {
        let built = try await builds.run(story, evenIfBuilt: false)
        let operation = await story.operation
        let target = try await target(of: operation, built.file)
        if operation.environment == target, target != nil { return try await deploys.run(built, story) }
        await story.note { $0.environment = target }
        // It deploys somewhere else than was thought when it was accepted: that lane's others come first.
        return target == nil ? Ending(.built, isAnnounced: false) : nil
    }

    /// Where a push is deployed to, as its own settings say; nil when it is only built.
    private func target(of push: Operation, _ file: AppFile) async throws -> EnvironmentName? {
        guard var app = try await ports.journal.app(push.app), push.revision?.text == app.defaultBranch else {
            return nil
        }
        let target = file.defaultEnvironment.flatMap(EnvironmentName.init(parsing:))
        if app.defaultEnvironment != target {
            app.defaultEnvironment = target
            try await ports.journal.update(app)
        }
        return target
    }

    /// Steps throw a `Failure` that people are told, or a `JournalError`; anything else is a fault of ours.
    private func failure(_ operation: Operation, _ error: any Error) -> Failure {
        switch error {
        case let failure as Failure:
            return failure
        case let reason as JournalError:
            ports.log.error("operation \(operation.id) can't go on: \(reason)")
            return .journalBroken(reason)
        default:
            ports.log.error("operation \(operation.id) ended unexpectedly: \(error)")
            return Failure(
                .service, "Something inside Iterapp went wrong.",
                advice: "Run it again; its log has more for the operator.")
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
        let stop = [".", "?", "!"].contains(failure.sentence.suffix(1)) ? "" : "."
        return Failure(
            failure.stage, "\(failure.sentence)\(stop) Release #\(number) keeps serving.", advice: failure.advice,
            evidence: failure.evidence)
    }
}

extension Failure {
    static func journalBroken(_ error: JournalError) -> Failure {
        switch error {
        case .diskFull:
            Failure(
                .service, "The disk of the Iterapp service was full, so this could not go on.",
                advice: "Tell the operator; once there is space, run it again.")
        case .unavailable(let reason):
            Failure(
                .service, "The Iterapp service could not write to its journal: \(reason)",
                advice: "Tell the operator, and run it again later.")
        }
    }
}
