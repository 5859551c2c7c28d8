import JSON

/// When an object of a release is applied: each stage needs those before it.
package enum ApplyStage: Int, Sendable, CaseIterable {
    case namespace
    /// What pods refer to.
    case foundations
    /// What applings find running when they start.
    case addOns
    /// The release commands, which have to succeed before anything of the new version runs.
    case releaseJobs
    case workloads
    /// What leads to the app, and so waits until the new version is ready: routes, and calls at certain
    /// times.
    case access
    /// Asked for when everything else is in place, name by name: no certificate ever fails a roll-out.
    case certificates

    init(of object: JSON) {
        switch object["kind"]?.string {
        case "Namespace": self = .namespace
        case "ServiceAccount", "Secret", "ConfigMap", "Service": self = .foundations
        case "Deployment" where object.at("metadata", "labels")?[ObjectScope.componentLabel] != nil:
            self = .addOns
        case "Job": self = .releaseJobs
        case "Deployment", "PodDisruptionBudget", "PodMonitor": self = .workloads
        case "Certificate": self = .certificates
        default: self = .access
        }
    }

    /// Kinds in the order in which they are listed within a stage; the others keep theirs, behind these.
    private static let kinds = [
        "ServiceAccount", "Secret", "ConfigMap", "Service", "Deployment", "PodDisruptionBudget", "PodMonitor",
        "CronJob",
    ]

    /// The objects in the order in which they need each other.
    static func sorted(_ objects: [JSON]) -> [JSON] {
        func rank(_ object: JSON) -> (Int, Int) {
            let kind = kinds.firstIndex(of: object["kind"]?.string ?? "") ?? kinds.count
            return (ApplyStage(of: object).rawValue, kind)
        }
        return objects.enumerated()
            .map { (rank: rank($0.element), index: $0.offset, object: $0.element) }
            .sorted { ($0.rank.0, $0.rank.1, $0.index) < ($1.rank.0, $1.rank.1, $1.index) }
            .map(\.object)
    }
}

extension [JSON] {
    /// The objects of one stage, in their order.
    package func stage(_ stage: ApplyStage) -> [JSON] { filter { ApplyStage(of: $0) == stage } }
}
