import Deploys

/// What the Home tab says.
struct HomeWords {
    let page: HomePage

    init(_ page: HomePage) { self.page = page }

    let title = "Your apps"

    var greeting: [String] {
        [
            "👋 *Welcome.* Iterapp builds and deploys your apps. Push to a registered repository, and it is built; "
                + "its default branch is deployed. What happens is told in \(Mrkdwn.words(page.logChannel)), in one "
                + "message for each build or deploy."
        ]
    }

    var empty: [String] {
        let first = page.otherCount == 0
            ? "No app is registered yet." : "None of the \(page.otherCount) registered apps is yours yet."
        return [
            first,
            "Register a repository with `/iterapp register &lt;repo&gt;`, or deploy one with "
                + "`/iterapp deploy &lt;app&gt; test &lt;branch&gt;`. It then appears here.",
        ]
    }

    var footer: String {
        let others = page.otherCount == 0
            ? "" : "\(page.otherCount) other \(page.otherCount == 1 ? "app is" : "apps are") registered.  ·  "
        return "\(others)`/iterapp help` shows what can be typed. What happens is told in "
            + "\(Mrkdwn.words(page.logChannel))."
    }

    static func lines(_ app: AppStatus) -> [String] {
        ["*\(Mrkdwn.words(app.label))*\(AppLines.team(app))"]
            + (app.environments.isEmpty ? ["not deployed yet"] : app.environments.map(environment))
    }

    /// Nil where nothing answers.
    static func link(_ status: EnvironmentStatus) -> (label: String, url: String)? {
        guard status.release != nil, let site = status.sites.first(where: { $0.waitingFor == nil }) else { return nil }
        return (ControlWords.open(status.environment), site.url)
    }

    /// One line: health, release, commit, and what is going on.
    private static func environment(_ status: EnvironmentStatus) -> String {
        let health = Health(status)
        let name = "\(health.emoji) \(EnvironmentWords.name(status.environment))"
        let parts = [
            status.release.map { "#\($0.number)" }, status.release.map { CommitWords.line($0.commit) },
            status.release.map { Mrkdwn.ago("", $0.since) },
            status.pods.map { "\($0.ready)/\($0.wanted) pods" },
            status.underWay.map { _ in "🚀 under way" }, status.failed.map { _ in "❌ the last deploy failed" },
        ].compactMap(\.self)
        return parts.isEmpty ? "\(name)  nothing is live yet" : "\(name)  \(parts.joined(separator: "  ·  "))"
    }
}
