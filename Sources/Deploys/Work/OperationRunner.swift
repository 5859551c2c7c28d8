import Foundation

/// Carries one operation through its steps. Every step can be repeated: after a crash the operation starts
/// over and finds what was recorded (its commit, its build) instead of doing it again.
struct OperationRunner: Sendable {
    let ports: Ports
    let naming: Naming
    let signals: Signals
    let limits: WorkLimits
    private let gate = KeyedGate()

    init(ports: Ports, naming: Naming, signals: Signals, limits: WorkLimits) {
        self.ports = ports
        self.naming = naming
        self.signals = signals
        self.limits = limits
    }

    /// Returns when the operation is settled or back in the queue.
    func run(_ operation: Operation) async {
        let story = Story(operation, ports: ports, naming: naming, signals: signals)
        do {
            switch operation.kind {
            case .register: try await RegisterStep(ports: ports, naming: naming).run(story)
            case .deregister: try await story.settle(.deregistered)
            case .build:
                _ = try await build(story, evenIfBuilt: true)
                try await story.settle(.built, announce: true)
            case .deploy:
                let built = try await build(story, evenIfBuilt: false)
                try await deploy(built, story)
            case .push: try await push(story)
            }
        } catch {
            await end(story, error)
        }
    }

    private func push(_ story: Story) async throws {
        let built = try await build(story, evenIfBuilt: false)
        let operation = await story.operation
        let app = try await ports.journal.app(operation.app)
        let isDefaultBranch = app.map { operation.revision?.text == $0.defaultBranch } ?? false
        guard isDefaultBranch, var app, let name = built.file.defaultEnvironment,
            let environment = EnvironmentName(parsing: name)
        else {
            await story.note { $0.environment = nil }
            try await story.settle(.built)
            return
        }
        if app.defaultEnvironment != environment {
            app.defaultEnvironment = environment
            let changed = app
            try await ports.journal.update(changed)
        }
        guard operation.environment == environment else {
            // It deploys somewhere else than was thought when it was accepted: wait for that lane.
            await story.note { $0.environment = environment }
            try await story.putBack()
            return
        }
        try await deploy(built, story)
    }

    private func build(_ story: Story, evenIfBuilt: Bool) async throws -> BuiltCommit {
        try await BuildStep(ports: ports, limits: limits, gate: gate).run(story, evenIfBuilt: evenIfBuilt)
    }

    private func deploy(_ built: BuiltCommit, _ story: Story) async throws {
        try await DeployStep(ports: ports, naming: naming, limits: limits).run(built, story)
    }

    /// Steps throw a `Failure` that people are told, a `JournalError`, or their cancellation.
    private func end(_ story: Story, _ error: any Error) async {
        guard !Task.isCancelled else {
            // Whatever a step made of being cancelled: nothing failed, the service stops.
            try? await story.putBack()
            return
        }
        switch error {
        case let failure as Failure:
            await story.settleForCertain(.failed(failure))
        case let reason as JournalError:
            ports.log.error("operation \(await story.operation.id) can't go on: \(reason)")
            await story.settleForCertain(.failed(.journalBroken(reason)))
        default:
            ports.log.error("operation \(await story.operation.id) ended unexpectedly: \(error)")
            let failure = Failure(
                .service, "Something inside Iterapp went wrong.",
                advice: "Run it again; its log has more for the operator.")
            await story.settleForCertain(.failed(failure))
        }
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
