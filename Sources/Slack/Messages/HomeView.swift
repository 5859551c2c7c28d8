import Deploys
import JSON

/// The bot's own tab (docs.slack.dev, "Home tab views").
struct HomeView {
    let page: HomePage

    /// Each with buttons; further ones have a line, and beyond those they are counted.
    static let maxShownApps = 20
    static let maxListedApps = 100

    init(_ page: HomePage) { self.page = page }

    /// The argument `view` of `views.publish`.
    var view: JSON {
        let fitted = BlockBudget.fitted(blocks, maxBlocks: Limits.maxViewBlocks, maxUnits: Self.maxUnits)
        return ["type": "home", "blocks": .array(fitted)]
    }

    /// A view may have far more than a message; this keeps it readable.
    static let maxUnits = 60_000

    private var blocks: [JSON] {
        let words = HomeWords(page)
        guard !page.own.isEmpty else {
            return [Blocks.header(words.title)] + (page.isFirstVisit ? [Blocks.section(words.greeting)] : [])
                + [Blocks.section(words.empty)] + Blocks.actions(allApps)
        }
        return [Blocks.header(words.title)] + (page.isFirstVisit ? [Blocks.section(words.greeting)] : [])
            + page.own.prefix(Self.maxShownApps).flatMap(app) + listed
            + [Blocks.context([words.footer])] + Blocks.actions(allApps)
    }

    private var allApps: [JSON] {
        page.otherCount > 0 ? [Buttons.button(.ask("apps"), "All apps")].compactMap(\.self) : []
    }

    private func app(_ app: AppStatus) -> [JSON] {
        let open = app.environments.lazy.compactMap(HomeWords.link).first
        let buttons = [
            Buttons.button(.deployForm(app.label), "Deploy…"),
            Buttons.button(.ask("status \(app.label)"), "Status"),
            open.flatMap { Buttons.link("site", $0.label, to: $0.url) },
        ].compactMap(\.self)
        return [Blocks.divider, Blocks.section(HomeWords.lines(app))] + Blocks.actions(buttons)
    }

    private var listed: [JSON] {
        let further = page.own.dropFirst(Self.maxShownApps)
        guard !further.isEmpty else { return [] }
        let lines = further.prefix(Self.maxListedApps).map { Mrkdwn.cutMarkup(AppLines.line($0), to: 1_000) }
        let rest = further.count - lines.count
        return [Blocks.divider]
            + Blocks.sections(lines + (rest > 0 ? [AppsWords.more(rest)] : []), atMost: 30)
    }
}

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
        return ("Open \(EnvironmentWords.name(status.environment))", site.url)
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
