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
                Buttons.button(.deployForm(page.app), ControlWords.deploy(page.app)),
                Buttons.button(.ask("status \(page.app)"), ControlWords.status(page.app)),
                Buttons.button(.ask("apps"), ControlWords.allApps),
            ].compactMap(\.self))
    }
}
