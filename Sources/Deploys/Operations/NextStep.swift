/// What a message about an operation offers its readers to do next.
package enum NextStep: Hashable, Codable, Sendable {
    /// Stop it while it waits or runs.
    case cancel
    /// Let a held operation go on: a second person's word.
    case approve
    /// End a held operation.
    case decline
    /// The same again, after it failed or was cancelled.
    case retry
    /// Its commit, in another environment.
    case deploy(to: EnvironmentName)
    /// An earlier release of its environment.
    case rollBack(to: Int)

    /// One word without spaces, the same for the same step: part of the key by which a press acts once.
    package var name: String {
        switch self {
        case .cancel: "cancel"
        case .approve: "approve"
        case .decline: "decline"
        case .retry: "retry"
        case .deploy(let environment): "deploy-\(environment)"
        case .rollBack(let number): "rollback-\(number)"
        }
    }

    package init?(name: String) {
        switch name {
        case "cancel": self = .cancel
        case "approve": self = .approve
        case "decline": self = .decline
        case "retry": self = .retry
        case _ where name.hasPrefix("deploy-"):
            guard let environment = EnvironmentName(parsing: String(name.dropFirst(7))) else { return nil }
            self = .deploy(to: environment)
        case _ where name.hasPrefix("rollback-"):
            guard let number = Int(name.dropFirst(9)), number > 0 else { return nil }
            self = .rollBack(to: number)
        default: return nil
        }
    }
}

/// What became of an operation's message after its end: why it offers less than it did.
package enum Sequel: Hashable, Codable, Sendable {
    case retried(by: Person)
    case deployed(to: EnvironmentName, by: Person)
    case rolledBack(to: Int, by: Person)
    /// The same, while a second person has to approve it: whether it came to that is told elsewhere.
    case asked(for: EnvironmentName, by: Person)
    case askedToRollBack(to: Int, by: Person)
    /// A newer release of its environment is live.
    case replaced(by: Int)
}
