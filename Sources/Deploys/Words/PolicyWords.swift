/// How people are told what a policy does not let them do, and who or where could do it.
struct PolicyWords: Sendable {
    /// Of people and groups in one sentence.
    static let maxNames = 8

    let naming: Naming

    /// - Parameter verdict: any but `allowed`.
    func refusal(_ verdict: Policy.Verdict, of deed: Deed, _ policy: Policy) -> String {
        switch verdict {
        case .allowed: ""
        case .onlyFor(let parties):
            """
            Only \(list(parties, policy, and: asker(of: deed))) may \(phrase(deed)). \(ask(parties, policy))
            """
        case .ownedByNobody:
            """
            Only its team may \(phrase(deed)), and `\(naming.label(deed.app))` belongs to no team yet. Whoever runs \
            Iterapp can add it to one in the policy file.
            """
        case .unknownGroups(let groups, let parties):
            """
            I can't find out just now who is in \(joined(groups.map { "<!subteam^\($0)>" })), so I don't know whether \
            you may \(phrase(deed)). Try again in a minute; \(list(parties, policy)) may.
            """
        case .elsewhere(let channels):
            """
            `\(naming.label(deed.app))` is deployed to \(place(deed)) from \(joined(channels.map(shown), "or")) only. \
            Please repeat it there.
            """
        case .ownRequest(let others):
            "You asked for this deploy yourself, so somebody else has to approve it\(approvers(others, deed, policy))."
        }
    }

    private func approvers(_ others: [Party], _ deed: Deed, _ policy: Policy) -> String {
        let others = others.filter { $0 != .person(deed.askedBy ?? "") }
        return others.contains(.anyone) ? "" : ": \(list(others, policy, besides: deed.askedBy))"
    }

    private func ask(_ parties: [Party], _ policy: Policy) -> String {
        let people = policy.expanded(parties)
        if people.count == 1, case .person = people[0] { return "Please ask them." }
        return "Please ask one of them."
    }

    private func asker(of deed: Deed) -> String? {
        guard deed.kind == .cancel || deed.kind == .decline else { return nil }
        return deed.askedBy.map { "<@\($0)> (who asked for it)" }
    }

    private func phrase(_ deed: Deed) -> String {
        let app = "`\(naming.label(deed.app))`"
        return switch deed.kind {
        case .register, .deregister, .build: "\(deed.kind.rawValue) \(app)"
        case .deploy: "deploy \(app) to \(place(deed))"
        case .approve, .decline: "\(deed.kind.rawValue) a deploy of \(app) to \(place(deed))"
        case .cancel where deed.environment == nil: "cancel a build of \(app)"
        case .cancel: "cancel a deploy of \(app) to \(place(deed))"
        }
    }

    private func place(_ deed: Deed) -> String { deed.environment.map { "*\($0)*" } ?? "an environment" }

    // MARK: Names

    /// `team *cats* (<@U1> and <!subteam^S1>) or <@U2>`
    private func list(
        _ parties: [Party], _ policy: Policy, and last: String? = nil, besides absent: String? = nil
    ) -> String {
        var named = 0
        var unnamed = 0
        var parts: [String] = []
        for party in parties {
            guard case .team(let name) = party else {
                named += 1
                if named <= Self.maxNames { parts.append(mention(party)) } else { unnamed += 1 }
                continue
            }
            let members = policy.expanded([party]).filter { $0 != .person(absent ?? "") }
            let room = max(0, Self.maxNames - named)
            named += members.count
            var shown = members.prefix(room).map(mention)
            if members.count > room { shown.append("\(members.count - room) more") }
            parts.append(shown.isEmpty ? "team *\(name)*" : "team *\(name)* (\(joined(shown)))")
        }
        if unnamed > 0 { parts.append("\(unnamed) more") }
        if let last { parts.append(last) }
        return parts.isEmpty ? "nobody" : joined(parts)
    }

    private func mention(_ party: Party) -> String {
        switch party {
        case .anyone: "anyone"
        case .team(let name): "team *\(name)*"
        case .person(let id): "<@\(id)>"
        case .group(let id): "<!subteam^\(id)>"
        }
    }

    private func shown(_ channel: String) -> String {
        switch channel {
        case ChannelPolicy.direct: "a direct message to me"
        case Place.homeWord: "my Home tab"
        case _ where channel.hasPrefix("#"): channel
        default: "<#\(channel)>"
        }
    }

    private func joined(_ parts: [String], _ word: String = "and") -> String {
        guard parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " \(word) " + parts[parts.count - 1]
    }
}
