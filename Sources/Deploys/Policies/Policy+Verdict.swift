extension Policy {
    /// What the policy says to somebody who wants to do something.
    enum Verdict: Hashable, Sendable {
        case allowed(needsApproval: Bool)
        /// Only these may.
        case onlyFor([Party])
        /// Only the app's team may, and it has none.
        case ownedByNobody
        /// Nobody knows who is in these groups, and that decides.
        case unknownGroups([String], among: [Party])
        /// In these channels only.
        case elsewhere([String])
        /// Whoever asked for it can't be the second person; these can.
        case ownRequest(others: [Party])
    }

    /// - Parameters:
    ///   - person: an id: names change, and two people may have the same.
    ///   - members: ids of people by group, as far as they are known.
    func verdict(
        on deed: Deed, by person: String, from place: Place, members: [String: Set<String>]
    ) -> Verdict {
        let parties = parties(for: deed)
        if deed.kind == .approve, deed.askedBy == person { return .ownRequest(others: parties) }
        let isOwn = (deed.kind == .cancel || deed.kind == .decline) && deed.askedBy == person
        guard isOwn || holds(person, parties, members) else {
            if parties.isEmpty { return .ownedByNobody }
            let unknown = Self.groups(expanded(parties)).filter { members[$0] == nil }
            return unknown.isEmpty ? .onlyFor(parties) : .unknownGroups(unknown, among: parties)
        }
        guard deed.kind == .deploy, let environment = deed.environment else { return .allowed(needsApproval: false) }
        let rule = rule(of: deed.app, in: environment)
        if let channels = rule.channels, !place.isAmong(channels) { return .elsewhere(channels) }
        return .allowed(needsApproval: rule.needsApproval == true)
    }

    /// The groups that must be known to decide; none when the person's id is enough.
    func groups(toDecide deed: Deed, by person: String) -> Set<String> {
        let parties = parties(for: deed)
        return holds(person, parties, [:]) ? [] : Set(Self.groups(expanded(parties)))
    }

    /// Every group that it speaks of.
    package var groups: Set<String> {
        let rules = Array(rules.values) + teams.flatMap(\.rules.values)
        let holders = rules.flatMap { ($0.deploy ?? []) + ($0.approve ?? []) } + register + build + (deregister ?? [])
        let named = holders.compactMap { if case .party(let party) = $0 { party } else { nil } }
        return Set(Self.groups(named + teams.flatMap(\.members)))
    }

    /// Whom the policy lets do it. Empty when it is up to the app's team, and it has none.
    func parties(for deed: Deed) -> [Party] {
        var holders: [Holder]
        switch deed.kind {
        case .register: holders = register
        case .deregister: holders = deregister ?? [team(of: deed.app) == nil ? .party(.anyone) : .owner]
        case .build: holders = build
        case .deploy, .cancel:
            holders = deed.environment.flatMap { rule(of: deed.app, in: $0).deploy } ?? build
        case .approve: holders = approvers(of: deed)
        case .decline:
            holders = approvers(of: deed) + (deed.environment.flatMap { rule(of: deed.app, in: $0).deploy } ?? [])
        }
        var parties: [Party] = []
        for holder in holders {
            let party: Party
            switch holder {
            case .party(let known): party = known
            case .owner:
                guard let team = team(of: deed.app) else { continue }
                party = .team(team.name)
            }
            if !parties.contains(party) { parties.append(party) }
        }
        return parties
    }

    /// Who alone may deploy to an environment that needs a second person's approval, and alone may approve it. Nil
    /// where the approval can be had.
    package func loneApprover(of app: AppID, in environment: EnvironmentClass) -> String? {
        guard let name = EnvironmentName.all.first(where: { EnvironmentClass($0) == environment }),
            rule(of: app, in: name).needsApproval == true
        else { return nil }
        let askers = expanded(parties(for: Deed(.deploy, app, name)))
        let approvers = expanded(parties(for: Deed(.approve, app, name)))
        guard askers.count == 1, approvers == askers, case .person(let id) = askers[0] else { return nil }
        return id
    }

    private func approvers(of deed: Deed) -> [Holder] {
        guard let environment = deed.environment else { return [.party(.anyone)] }
        let rule = rule(of: deed.app, in: environment)
        return rule.approve ?? rule.deploy ?? []
    }

    /// People and groups, teams replaced by their members.
    func expanded(_ parties: [Party]) -> [Party] {
        var expanded: [Party] = []
        for party in parties {
            var members = [party]
            if case .team(let name) = party { members = team(named: name)?.members ?? [] }
            for member in members where !expanded.contains(member) { expanded.append(member) }
        }
        return expanded
    }

    private func holds(_ person: String, _ parties: [Party], _ members: [String: Set<String>]) -> Bool {
        expanded(parties).contains { party in
            switch party {
            case .anyone: true
            case .person(let id): id == person
            case .group(let id): members[id]?.contains(person) == true
            case .team: false
            }
        }
    }

    private static func groups(_ parties: [Party]) -> [String] {
        parties.compactMap { if case .group(let id) = $0 { id } else { nil } }
    }
}

extension Place {
    /// Stands for the bot's own tab.
    package static let homeWord = "home"

    /// - Parameter channels: `#name`, a channel's id, `direct` or `home`.
    func isAmong(_ channels: [String]) -> Bool {
        switch self {
        case .channel(let id, let name): channels.contains { $0 == id || name.map { "#\($0)" } == $0 }
        case .direct: channels.contains(ChannelPolicy.direct)
        case .home: channels.contains(Self.homeWord)
        }
    }
}
