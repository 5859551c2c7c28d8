import AppFile
import Deploys
import TOML

/// Goes through the policy file and collects all that is wrong with it.
struct PolicyFileCheck {
    let path: String
    let defaultOrganisation: String
    private(set) var problems: [Problem] = []
    /// Where each app was given to a team, by the app's key.
    var owners: [String: (team: String, position: TOMLPosition)] = [:]
    /// Names of all teams, wherever in the file they stand.
    private(set) var teamNames: [String] = []

    private enum Root: String, CaseIterable { case environments, apps, teams }
    private enum AppDeed: String, CaseIterable { case register, deregister, build }

    init(path: String, defaultOrganisation: String) {
        self.path = path
        self.defaultOrganisation = defaultOrganisation
    }

    mutating func add(_ position: TOMLPosition, _ message: String, _ severity: Problem.Severity = .error) {
        guard problems.count < PolicyFile.maxProblems else { return }
        problems.append(Problem(
            path: path, line: position.line, column: position.column, severity: severity, message: message))
    }

    mutating func policy(_ document: TOMLTable) -> Policy {
        teamNames = document["teams"]?.table?.entries.map(\.name) ?? []
        var rules: [Policy.EnvironmentClass: Policy.Rule] = [:]
        var deeds: [AppDeed: [Policy.Holder]] = [:]
        var teams: [PlacedTeam] = []
        for entry in document.entries {
            guard let root = Root(rawValue: entry.name) else {
                add(entry.position, unknownRoot(entry.name))
                continue
            }
            switch root {
            case .environments: rules = self.rules(entry, "environments")
            case .apps: deeds = self.deeds(entry)
            case .teams: teams = self.teams(entry)
            }
        }
        let policy = Policy(
            teams: teams.map(\.team), rules: rules, register: deeds[.register], deregister: deeds[.deregister],
            build: deeds[.build])
        for team in teams { warn(team, policy) }
        return policy
    }

    private func unknownRoot(_ name: String) -> String {
        let shown = TOMLText.key(name)
        if let near = nearest(to: name, in: Root.allCases.map(\.rawValue)) {
            return "unknown key `\(shown)`; did you mean `\(near)`?"
        }
        if let environment = Self.environment(name) {
            return "`\(shown)` stands outside of `environments`; write `[environments.\(environment.rawValue)]`"
        }
        if let deed = AppDeed(rawValue: name) {
            return "`\(shown)` stands outside of a table; write it below `[apps]`, as `\(deed.rawValue) = [\"anyone\"]`"
        }
        if RuleKey(rawValue: name) != nil {
            return "`\(shown)` stands outside of an environment; write it below a header such as `[environments.prod]`"
        }
        if TeamKey(rawValue: name) != nil {
            return "`\(shown)` stands outside of a team; write it below a header such as `[teams.cats]`"
        }
        return "unknown key `\(shown)`; the file has the tables `environments`, `apps` and `teams`"
    }

    /// What is done with apps as such.
    private mutating func deeds(_ entry: TOMLTable.Entry) -> [AppDeed: [Policy.Holder]] {
        guard let table = entry.value.table else {
            add(entry.value.position, "`apps` must be a table; write `[apps]` and below it `register = [\"anyone\"]`")
            return [:]
        }
        var deeds: [AppDeed: [Policy.Holder]] = [:]
        for entry in table.entries {
            guard let deed = AppDeed(rawValue: entry.name) else {
                add(entry.position, Self.unknown(entry.name, AppDeed.allCases.map(\.rawValue), in: "[apps]"))
                continue
            }
            deeds[deed] = holders(entry, "apps.\(entry.name)")
        }
        return deeds
    }

    /// The nearest known key, or all that a table takes.
    static func unknown(_ name: String, _ known: [String], in table: String) -> String {
        let shown = TOMLText.key(name)
        if let near = nearest(to: name, in: known) { return "unknown key `\(shown)`; did you mean `\(near)`?" }
        let all = known.map { "`\($0)`" }
        return "unknown key `\(shown)`; `\(table)` takes " + all.dropLast().joined(separator: ", ") + " and "
            + all[all.count - 1]
    }
}
