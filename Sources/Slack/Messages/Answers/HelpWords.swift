import Deploys

/// What the overview says.
enum HelpWords {
    static let introduction = """
        *Iterapp builds and deploys your apps.* A push to a registered repository is built by itself, and its default \
        branch is deployed.
        """
    static let more =
        "`/iterapp help deploy` says more about one command. Mention me or write to me, and I read the same words."

    /// What is typed most; the others are only named.
    private static let main: [Verb] = [.deploy, .status, .apps, .build, .register]

    /// Each with an example that could be typed as it is.
    static func commands(_ app: String) -> [String] {
        let lines = main.map { verb in
            "\(Mrkdwn.code(verb.example(app: app), maxUnits: 300))  \(Mrkdwn.escaped(verb.summary))"
        }
        let others = Verb.allCases.filter { !main.contains($0) && $0 != .help }.map { Mrkdwn.code($0.rawValue) }
        return ["*Commands*"] + lines + (others.isEmpty ? [] : ["Also: \(others.joined(separator: ", "))"])
    }
}
