import Deploys

/// How far an operation is, for people who read its log.
struct OperationWords {
    enum State: String { case waiting, running, good, bad, quiet }

    let operation: Deploys.Operation
    /// What people were told last; nil before that.
    let report: Report?

    static func title(_ operation: Deploys.Operation, _ label: String) -> String {
        switch operation.kind {
        case .build: "Build of \(label)"
        case .deploy: "Deploy of \(label)"
        case .push: operation.environment == nil ? "Build of \(label)" : "Deploy of \(label)"
        case .register: "Registration of \(label)"
        case .deregister: "Deregistration of \(label)"
        case .repository: "News about \(label)"
        case .repair: "Repair of \(label)"
        }
    }

    /// Where something changes; a build changes nothing.
    static func environment(_ operation: Deploys.Operation) -> String? {
        operation.kind == .build ? nil : operation.environment?.rawValue
    }

    var state: State {
        switch operation.state {
        case .queued: .waiting
        case .running: .running
        case .succeeded: .good
        case .failed: .bad
        case .superseded, .cancelled: .quiet
        }
    }

    /// The report can be older than the operation, or about what came long after it.
    private var phase: Phase? {
        guard let report, report.operation.isFinished == operation.isFinished else { return nil }
        return report.phase
    }

    var line: String {
        if let person = operation.cancelledBy, !operation.isFinished { return "Stopping: \(person.name) cancelled it" }
        return phase.flatMap { operation.isFinished ? ended($0) : underWay($0) } ?? usual
    }

    /// What to do, or what is in the way.
    var detail: String? {
        switch phase {
        case .failed(let failure): failure.advice
        case .rollingOut(_, _, let holdUp): holdUp
        case .waitingForSites(let sites), .live(let sites): sites.compactMap(\.waitingFor).first
        case .cancelled(_, let aftermath): aftermath
        default: nil
        }
    }

    var sites: [String] {
        switch phase {
        case .live(let sites), .waitingForSites(let sites): sites.map(\.url)
        default: []
        }
    }

    private var usual: String {
        switch operation.state {
        case .queued: "Waits for its turn"
        case .running: "Running"
        case .succeeded: "Done"
        case .failed: "Failed"
        case .superseded: "A newer push came first"
        case .cancelled: "Cancelled"
        }
    }

    private func underWay(_ phase: Phase) -> String? {
        switch phase {
        case .queued(let ahead) where ahead > 0:
            "Waits behind \(ahead) other \(ahead == 1 ? "operation" : "operations")"
        case .preparing: "Looking up the commit"
        case .building(let builds): building(builds)
        case .applying: "Applying to the cluster"
        case .rollingOut(let ready, let wanted, _): "\(ready) of \(wanted) \(wanted == 1 ? "pod" : "pods") ready"
        case .puttingBack(let release, _, _): "The new version failed; putting release #\(release) back"
        case .interrupted: "Interrupted; it goes on by itself"
        case .waitingForSites: "Rolled out; waiting for its addresses"
        case .awaitingApproval: "Waits until somebody approves it"
        default: nil
        }
    }

    private func building(_ builds: [ApplingBuild]) -> String {
        guard builds.count > 1 else {
            guard let steps = builds.first?.steps, steps.total > 0 else { return "Building" }
            return "Building, \(min(steps.done, steps.total)) of \(steps.total) steps"
        }
        return "Building, \(builds.count { $0.state == .done }) of \(builds.count) applings"
    }

    private func ended(_ phase: Phase) -> String? {
        switch phase {
        case .registered: "Registered"
        case .deregistered: "Deregistered"
        case .built: "Built"
        case .live: "Live"
        case .waitingForSites: "Rolled out; waiting for its addresses"
        case .failed(let failure): failure.sentence
        case .cancelled(let person, _): "Cancelled by \(person.name)"
        case .declined(let person): "Declined by \(person.name)"
        case .lapsed: "Nobody approved it within a day"
        case .repaired: "Put right"
        case .superseded(nil): "Its branch was deleted before it was built"
        default: nil
        }
    }

    var who: String {
        switch operation.trigger {
        case .command(let person), .button(let person): person.name
        case .push(let name): "pushed by \(name)"
        case .rerun(let name): "asked for again by \(name)"
        case .look: "pushed, and found by looking"
        case .watch: "by Iterapp itself"
        }
    }

    /// What is said in the place of a log that is not there.
    var empty: String {
        if !operation.isFinished {
            return operation.buildNumber == nil
                ? "Nothing was built yet. The log begins here by itself."
                : "The build has not printed anything yet."
        }
        return operation.buildNumber == nil
            ? "Nothing was built." : "The log of this build is no longer kept: only newer ones are."
    }
}
