import AppFile
import Deploys
import TOML

/// A key of a team.
enum TeamKey: String, CaseIterable { case members, apps, environments }

/// A team and where it stands.
struct PlacedTeam {
    let team: Policy.Team
    let position: TOMLPosition
}

extension PolicyFileCheck {
    mutating func teams(_ entry: TOMLTable.Entry) -> [PlacedTeam] {
        guard let table = entry.value.table else {
            add(entry.value.position, "`teams` must be a table; write `[teams.cats]`")
            return []
        }
        if let first = table.entries.dropFirst(PolicyFile.maxTeams).first {
            add(first.position, "more than \(PolicyFile.maxTeams) teams are not possible")
        }
        var teams: [PlacedTeam] = []
        for entry in table.entries.prefix(PolicyFile.maxTeams) {
            if let team = team(entry) { teams.append(PlacedTeam(team: team, position: entry.position)) }
        }
        return teams
    }

    private mutating func team(_ entry: TOMLTable.Entry) -> Policy.Team? {
        let name = TOMLText.key(entry.name)
        if let fault = PolicyName.fault(inTeam: entry.name) { add(entry.position, fault) }
        guard let table = entry.value.table else {
            let isKey = TeamKey(rawValue: entry.name) != nil
            add(
                entry.value.position,
                isKey
                    ? "`\(name)` must say of which team; write it below a header such as `[teams.cats]`"
                    : "`teams.\(name)` must be a table with `members` and `apps`")
            return nil
        }
        var members: [Party] = []
        var apps: [AppID] = []
        var rules: [Policy.EnvironmentClass: Policy.Rule] = [:]
        for entry in table.entries {
            switch TeamKey(rawValue: entry.name) {
            case .members: members = self.members(entry, "teams.\(name).members")
            case .apps: apps = self.apps(entry, of: name)
            case .environments: rules = self.rules(entry, "teams.\(name).environments")
            case nil: add(entry.position, unknownKey(entry.name, of: name))
            }
        }
        if table[TeamKey.members.rawValue] == nil {
            add(
                entry.position,
                "team `\(name)` has no members; add `members = [\"U012AB3CD\"]`, ids of people or groups")
        }
        return Policy.Team(name: entry.name, members: members, apps: apps, rules: rules)
    }

    private func unknownKey(_ key: String, of team: String) -> String {
        if let environment = Policy.EnvironmentClass(rawValue: key) {
            return "unknown key `\(key)`; did you mean `[teams.\(team).environments.\(environment.rawValue)]`?"
        }
        if RuleKey(rawValue: key) != nil {
            return "`\(key)` must say for which environment; write it below `[teams.\(team).environments.prod]`"
        }
        return Self.unknown(key, TeamKey.allCases.map(\.rawValue), in: "[teams.\(team)]")
    }

    private mutating func members(_ entry: TOMLTable.Entry, _ name: String) -> [Party] {
        texts(entry, name, of: "ids of people and user groups").compactMap { text, position in
            do throws(PolicyNameFault) {
                return try PolicyName.member(text)
            } catch {
                add(position, error.sentence)
                return nil
            }
        }
    }

    private mutating func apps(_ entry: TOMLTable.Entry, of team: String) -> [AppID] {
        texts(entry, "teams.\(team).apps", of: "apps").compactMap { text, position -> AppID? in
            guard let app = AppID(parsing: text, defaultOrganisation: defaultOrganisation) else {
                add(
                    position, "`\(TOMLText.plain(text))` can't be a repository's name; write `name`, or `org/name` for "
                        + "another organisation than `\(defaultOrganisation)`")
                return nil
            }
            if let owner = owners[app.key] {
                add(
                    position,
                    owner.team == team
                        ? "`\(TOMLText.plain(text))` is listed twice"
                        : "`\(TOMLText.plain(text))` belongs to team `\(owner.team)` already (line "
                            + "\(owner.position.line)); an app has one team")
                return nil
            }
            owners[app.key] = (team, position)
            return app
        }
    }

    /// Says where an approval is asked for that can never be given.
    mutating func warn(_ placed: PlacedTeam, _ policy: Policy) {
        guard let app = placed.team.apps.first else { return }
        for environment in Policy.EnvironmentClass.allCases {
            guard let person = policy.loneApprover(of: app, in: environment) else { continue }
            add(
                placed.position,
                "a change of \(environment.rawValue) needs the approval of a second person, and for team "
                    + "`\(TOMLText.key(placed.team.name))` there is only \(person); name more people, or a user group",
                .warning)
        }
    }
}
