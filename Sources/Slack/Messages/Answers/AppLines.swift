import Deploys

/// An app on one line: `cats`, and what runs in which environment.
enum AppLines {
    static func line(_ app: AppStatus) -> String {
        "\(Mrkdwn.code(app.label, maxUnits: 80))\(team(app))  \(environments(app))"
    }

    static func team(_ app: AppStatus) -> String {
        app.team.map { "  (\(Mrkdwn.words($0, maxUnits: 40)))" } ?? ""
    }

    /// 🟢 PROD #12  ·  🟡 test #14 (1/2 pods)
    static func environments(_ app: AppStatus) -> String {
        guard !app.environments.isEmpty else { return "not deployed yet" }
        return app.environments.map(environment).joined(separator: "  ·  ")
    }

    private static func environment(_ status: EnvironmentStatus) -> String {
        let health = Health(status)
        var words = "\(health.emoji) \(EnvironmentWords.name(status.environment))"
        if let release = status.release { words += " #\(release.number)" }
        let remarks = [
            pods(status, health), tasks(status), status.underWay.map { _ in "under way" },
            status.failed.map { _ in "the last deploy failed" },
        ].compactMap(\.self)
        return remarks.isEmpty ? words : "\(words) (\(remarks.joined(separator: ", ")))"
    }

    private static func tasks(_ status: EnvironmentStatus) -> String? {
        let count = status.tasks.count(where: \.isFailing)
        return count == 0 ? nil : count == 1 ? "a task fails" : "\(count) tasks fail"
    }

    /// Only when something is amiss.
    private static func pods(_ status: EnvironmentStatus, _ health: Health) -> String? {
        guard health == .shaky || health == .down, let pods = status.pods, pods.ready < pods.wanted else { return nil }
        return "\(pods.ready)/\(pods.wanted) pods"
    }
}
