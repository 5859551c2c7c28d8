import Deploys
import JSON

/// What runs where, of one app.
enum StatusBlocks {
    static func blocks(_ app: AppStatus) -> [JSON] {
        let trouble = EnvironmentLines.trouble(app)
        guard !app.environments.isEmpty else {
            return [Blocks.section([EnvironmentLines.notDeployed(app)] + trouble)] + actions(app)
        }
        let environments = app.environments.map { Blocks.section(EnvironmentLines.lines($0), accessory: site($0)) }
        return [Blocks.section([EnvironmentLines.head(app)] + trouble)] + environments + actions(app)
    }

    private static func site(_ status: EnvironmentStatus) -> JSON? {
        guard status.release != nil, let site = status.sites.first(where: { $0.waitingFor == nil }) else { return nil }
        return Buttons.link("site", ControlWords.open, to: site.url)
    }

    private static func actions(_ app: AppStatus) -> [JSON] {
        Blocks.actions(
            [
                Buttons.button(.deployForm(app.label), ControlWords.deploy(app.label)),
                Buttons.button(.ask("audit \(app.label)"), ControlWords.audit),
            ].compactMap(\.self))
    }
}
