import Synchronization

/// A gate that a policy is held to. The policy can be replaced at any time: what is asked later is decided by the new
/// one.
package final class PolicyGate: Gate {
    private let current: Mutex<Policy>
    private let userGroups: any UserGroups
    private let words: PolicyWords

    package init(_ policy: Policy, groups: any UserGroups, naming: Naming) {
        current = Mutex(policy)
        userGroups = groups
        words = PolicyWords(naming: naming)
    }

    package var policy: Policy {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    package func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling {
        // One policy from here on, also when it is replaced while groups are asked for.
        let policy = policy
        let groups = policy.groups(toDecide: deed, by: person.id)
        let members = groups.isEmpty ? [:] : await userGroups.members(of: groups)
        return ruling(on: deed, by: person, from: place, policy, members)
    }

    package func rulingAtOnce(on deed: Deed, by person: Person, from place: Place) -> Ruling? {
        let policy = policy
        guard policy.groups(toDecide: deed, by: person.id).isEmpty else { return nil }
        return ruling(on: deed, by: person, from: place, policy, [:])
    }

    private func ruling(
        on deed: Deed, by person: Person, from place: Place, _ policy: Policy, _ members: [String: Set<String>]
    ) -> Ruling {
        let verdict = policy.verdict(on: deed, by: person.id, from: place, members: members)
        if case .allowed(let needsApproval) = verdict { return .allowed(needsApproval: needsApproval) }
        return .refused(words.refusal(verdict, of: deed, policy))
    }

    package func holdsPushes(to environment: EnvironmentName, of app: AppID) -> Bool {
        policy.rule(of: app, in: environment).needsApproval == true
    }

    package func approvers(of app: AppID, in environment: EnvironmentName) -> [Party] {
        let policy = policy
        return policy.expanded(policy.parties(for: Deed(.approve, app, environment)))
    }

    package func team(of app: AppID) -> String? { policy.team(of: app)?.name }

    package func apps(of person: Person) async -> [AppID] {
        let teams = policy.teams
        let groups = teams.flatMap(\.members).compactMap { if case .group(let id) = $0 { id } else { nil } }
        let members = groups.isEmpty ? [:] : await userGroups.knownMembers(of: Set(groups))
        return teams.filter { team in
            team.members.contains { member in
                switch member {
                case .person(let id): id == person.id
                case .group(let id): members[id]?.contains(person.id) == true
                case .anyone, .team: false
                }
            }
        }.flatMap(\.apps)
    }
}
