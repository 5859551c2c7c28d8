/// Says who may do what. Asked when somebody types a command, and again when somebody presses a button.
package protocol Gate: Sendable {
    /// Never waits for the network for longer than a command's sender would.
    func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling
}

/// What somebody wants to do.
package struct Deed: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable { case register, deregister, build, deploy, approve, cancel }

    package let kind: Kind
    package let app: AppID
    /// Nil for what concerns no environment.
    package let environment: EnvironmentName?

    package init(_ kind: Kind, _ app: AppID, _ environment: EnvironmentName? = nil) {
        self.kind = kind
        self.app = app
        self.environment = environment
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
}
