/// Says who may do what. Asked when somebody types a command, and again when somebody presses a button.
package protocol Gate: Sendable {
    /// Never waits for the network for longer than a command's sender would.
    func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling
    /// The same where nobody has to be asked for it; nil when somebody has to.
    func rulingAtOnce(on deed: Deed, by person: Person, from place: Place) -> Ruling?
    /// Whether what a push brings waits for somebody's approval before it changes the environment. Asked when the push
    /// is taken, and again when its commit names another environment.
    func holdsPushes(to environment: EnvironmentName, of app: AppID) -> Bool
    /// Who could approve a change of the environment, as messages name them. Empty when the policy lets nobody.
    func approvers(of app: AppID, in environment: EnvironmentName) -> [Party]
    /// The team that an app belongs to; nil when it is nobody's.
    func team(of app: AppID) -> String?
    /// The apps of the teams that somebody is in. What can't be found out at once is left out.
    func apps(of person: Person) async -> [AppID]
}

extension Gate {
    package func rulingAtOnce(on deed: Deed, by person: Person, from place: Place) -> Ruling? { nil }
    package func holdsPushes(to environment: EnvironmentName, of app: AppID) -> Bool { false }
    package func approvers(of app: AppID, in environment: EnvironmentName) -> [Party] { [.anyone] }
    package func team(of app: AppID) -> String? { nil }
    package func apps(of person: Person) async -> [AppID] { [] }
}

/// What somebody wants to do.
package struct Deed: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case register, deregister, build, deploy
        /// Say yes or no to what waits for a second person's word.
        case approve, decline
        case cancel
    }

    package let kind: Kind
    package let app: AppID
    /// Nil for what concerns no environment: cancelling a build, too.
    package let environment: EnvironmentName?
    /// For what is done about an operation: the id of the person who asked for it. Nil for a push.
    package let askedBy: String?

    package init(_ kind: Kind, _ app: AppID, _ environment: EnvironmentName? = nil, askedBy: String? = nil) {
        self.kind = kind
        self.app = app
        self.environment = environment
        self.askedBy = askedBy
    }
}

package enum Ruling: Hashable, Sendable {
    /// - `needsApproval`: of a second person, before it changes the environment.
    case allowed(needsApproval: Bool)
    /// A sentence that says who could do it, or where.
    case refused(String)
}

/// Without a policy, everybody may do everything.
package struct OpenGate: Gate {
    package init() {}
    package func ruling(on deed: Deed, by person: Person, from place: Place) -> Ruling {
        .allowed(needsApproval: false)
    }
    package func rulingAtOnce(on deed: Deed, by person: Person, from place: Place) -> Ruling? {
        .allowed(needsApproval: false)
    }
}
