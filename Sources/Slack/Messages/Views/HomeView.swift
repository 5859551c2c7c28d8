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
        page.otherCount > 0 ? [Buttons.button(.ask("apps"), ControlWords.allApps)].compactMap(\.self) : []
    }

    private func app(_ app: AppStatus) -> [JSON] {
        let open = app.environments.lazy.compactMap(HomeWords.link).first
        let buttons = [
            Buttons.button(.deployForm(app.label), ControlWords.deploy),
            Buttons.button(.ask("status \(app.label)"), ControlWords.status),
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
