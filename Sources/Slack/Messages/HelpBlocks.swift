import Deploys
import JSON

/// What `/iterapp` alone answers: what it is, what is mine, what can be typed. One command's help is its text.
enum HelpBlocks {
    static func overview(_ page: HelpPage) -> [JSON] {
        var blocks = [Blocks.section([HelpWords.introduction])]
        if !page.own.isEmpty {
            blocks.append(Blocks.section(["*\(AppsWords.own)*"] + page.own.map(AppLines.line)))
        }
        blocks.append(Blocks.section(HelpWords.commands(page.app)))
        blocks.append(Blocks.context([HelpWords.more]))
        return blocks + actions(page)
    }

    private static func actions(_ page: HelpPage) -> [JSON] {
        guard !page.own.isEmpty else { return [] }
        return Blocks.actions(
            [
                Buttons.button(.deployForm(page.app), "Deploy \(page.app)…"),
                Buttons.button(.ask("status \(page.app)"), "Status of \(page.app)"),
                Buttons.button(.ask("apps"), "All apps"),
            ].compactMap(\.self))
    }
}

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
