/// Decides what a message offers its readers. Pure.
enum NextSteps {
    /// - Parameter previousRelease: of an operation that has gone live: the release that was live before.
    static func steps(after phase: Phase, of operation: Operation, previousRelease: Int? = nil) -> [NextStep] {
        switch phase {
        case .queued, .preparing, .building, .applying, .rollingOut, .waitingForSites, .interrupted:
            operation.canBeCancelled && operation.cancelledBy == nil ? [.cancel] : []
        case .awaitingApproval(let parties):
            operation.hasSecondPerson(among: parties) ? [.approve, .decline, .cancel] : [.decline, .cancel]
        case .failed(let failure):
            // The same commit has the same settings.
            operation.canBeRepeated && failure.stage != .settings ? [.retry] : []
        case .cancelled, .lapsed:
            operation.canBeRepeated ? [.retry] : []
        case .built:
            operation.environment.map { [.deploy(to: $0)] } ?? []
        case .live:
            (operation.environment == .prod ? [] : [.deploy(to: .prod)])
                + (previousRelease.map { [.rollBack(to: $0)] } ?? [])
        case .puttingBack, .registered, .deregistered, .superseded, .certificateTrouble, .certificateRecovered,
            .taskFailed, .taskRecovered, .declined, .repaired, .repositoryNews:
            []
        }
    }
}

extension Operation {
    /// Nobody asked for a repair, and it ends by itself.
    package var canBeCancelled: Bool { kind != .repair && kind != .deregister && kind != .repository }
    var canBeRepeated: Bool { canBeCancelled }

    /// Whether any of them can approve it: not whoever asked for it.
    func hasSecondPerson(among parties: [Party]) -> Bool {
        parties.contains { party in trigger.person.map { party != .person($0.id) } ?? true }
    }

    /// Whose later success leaves a message of this one without sense: all registrations share a lane.
    package var scope: String { kind == .register ? "\(app.key) registration" : lane }
}

extension Report {
    /// The same, with what its readers can do next.
    func offering(_ steps: [NextStep]) -> Report {
        var report = self
        report.steps = steps.isEmpty ? nil : steps
        return report
    }

    /// The same, with what follows from how far it is.
    func offeringNextSteps() -> Report { offering(NextSteps.steps(after: phase, of: operation)) }

    /// The end of an operation that a backup, put back, knows as unfinished.
    package func ended(byRestoring operation: Operation) -> Report {
        Report(operation: operation, appLabel: appLabel, phase: .failed(ServiceWords.restored)).offeringNextSteps()
    }

    /// The same after a press of its button has become an operation.
    package func pressed(_ step: NextStep, by person: Person, needsApproval: Bool = false) -> Report {
        var report = offering((steps ?? []).filter { $0 != step })
        switch step {
        case .retry: report.add(.retried(by: person))
        case .deploy(let environment):
            report.add(needsApproval ? .asked(for: environment, by: person) : .deployed(to: environment, by: person))
        case .rollBack(let number):
            report.add(needsApproval ? .askedToRollBack(to: number, by: person) : .rolledBack(to: number, by: person))
        case .cancel, .approve, .decline: break
        }
        return report
    }

    /// The same while it is being stopped.
    package func stopping(by person: Person) -> Report {
        var operation = operation
        operation.cancelledBy = person
        return about(operation).offering((steps ?? []).filter { $0 != .cancel })
    }

    /// The same after another operation of its scope has succeeded; nil when nothing is different.
    package func outlived(by other: Operation) -> Report? {
        guard let steps, operation.isFinished, other.state == .succeeded, other.kind != .repair else { return nil }
        var report = self
        switch phase {
        case .live:
            guard let number = other.releaseNumber, other.environment == operation.environment else { return nil }
            report = report.offering([])
            report.add(.replaced(by: number))
        default:
            guard operation.id < other.id else { return nil }
            report = report.offering(steps.filter { $0 != .retry })
        }
        return report == self ? nil : report
    }

    /// The next report of the same operation, after this one: what has become of its message stays.
    package func followed(by next: Report) -> Report {
        var next = next
        next.logURL = next.logURL ?? logURL
        next.overtakenCount = next.overtakenCount ?? overtakenCount
        next.set(next.problems ?? problems ?? [])
        if operation.isFinished, next.operation.isFinished {
            next.steps = steps
            next.sequels = sequels
        }
        return next
    }

    private mutating func add(_ sequel: Sequel) { sequels = (sequels ?? []) + [sequel] }

    private func about(_ operation: Operation) -> Report {
        var report = Report(
            operation: operation, appLabel: appLabel, phase: phase, warnings: warningCount ?? 0)
        report.steps = steps
        report.sequels = sequels
        report.logURL = logURL
        report.overtakenCount = overtakenCount
        report.set(problems ?? [])
        return report
    }
}
