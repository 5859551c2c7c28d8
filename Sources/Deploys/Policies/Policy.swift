/// Who may do what, as the operators say.
package struct Policy: Hashable, Sendable {
    /// Environments that one rule is about.
    package enum EnvironmentClass: String, Hashable, Sendable, CaseIterable {
        case prod, test, snap

        package init(_ environment: EnvironmentName) {
            self = environment == .prod ? .prod : environment.isSnap ? .snap : .test
        }
    }

    /// Whom a rule speaks of, for any app.
    package enum Holder: Hashable, Sendable {
        case party(Party)
        /// The team that the app belongs to.
        case owner
    }

    /// What is not said is left to the general rule, and there to what is usual.
    package struct Rule: Hashable, Sendable {
        package var deploy: [Holder]?
        /// A second person must say yes, too.
        package var needsApproval: Bool?
        /// Whoever may deploy there, when it is not said.
        package var approve: [Holder]?
        /// `#name`, a channel's id, `direct` or `home`: where it is asked for, of the places where commands are taken.
        package var channels: [String]?

        package init(
            deploy: [Holder]? = nil, needsApproval: Bool? = nil, approve: [Holder]? = nil, channels: [String]? = nil
        ) {
            self.deploy = deploy
            self.needsApproval = needsApproval
            self.approve = approve
            self.channels = channels
        }
    }

    package struct Team: Hashable, Sendable {
        package let name: String
        /// People and groups.
        package let members: [Party]
        package let apps: [AppID]
        package let rules: [EnvironmentClass: Rule]

        package init(name: String, members: [Party], apps: [AppID], rules: [EnvironmentClass: Rule] = [:]) {
            self.name = name
            self.members = members
            self.apps = apps
            self.rules = rules
        }
    }

    package let teams: [Team]
    package let rules: [EnvironmentClass: Rule]
    package let register: [Holder]
    /// Nil is the app's team, or anyone when it has none.
    package let deregister: [Holder]?
    package let build: [Holder]

    /// By the app's key.
    private let owners: [String: Int]
    private let teamsByName: [String: Int]

    /// - Parameter teams: an app is in one of them at most.
    package init(
        teams: [Team] = [], rules: [EnvironmentClass: Rule] = [:], register: [Holder]? = nil,
        deregister: [Holder]? = nil, build: [Holder]? = nil
    ) {
        self.teams = teams
        self.rules = rules
        self.register = register ?? [.party(.anyone)]
        self.deregister = deregister
        self.build = build ?? [.party(.anyone)]
        owners = Dictionary(
            teams.enumerated().flatMap { index, team in team.apps.map { ($0.key, index) } },
            uniquingKeysWith: { first, _ in first })
        teamsByName = Dictionary(
            teams.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func team(of app: AppID) -> Team? { owners[app.key].map { teams[$0] } }

    func team(named name: String) -> Team? { teamsByName[name].map { teams[$0] } }

    /// The rule of an environment of an app: its team's, completed by the general one.
    func rule(of app: AppID, in environment: EnvironmentName) -> Rule {
        let general = rules[EnvironmentClass(environment)] ?? Rule()
        let own = team(of: app)?.rules[EnvironmentClass(environment)] ?? Rule()
        return Rule(
            deploy: own.deploy ?? general.deploy ?? [.party(.anyone)],
            needsApproval: own.needsApproval ?? general.needsApproval ?? false,
            approve: own.approve ?? general.approve, channels: own.channels ?? general.channels)
    }
}
