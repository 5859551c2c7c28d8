import Deploys
import JSON

/// What runs where, of one app.
enum StatusBlocks {
    static func blocks(_ app: AppStatus) -> [JSON] {
        let team = app.team.map { ", of the team \(Mrkdwn.words($0, maxUnits: 40))" } ?? ""
        let head = "*\(Mrkdwn.words(app.label))*\(team)"
        guard !app.environments.isEmpty else {
            return [Blocks.section(["\(head) is not deployed yet."])] + actions(app)
        }
        let environments = app.environments.map { Blocks.section(EnvironmentLines.lines($0), accessory: site($0)) }
        return [Blocks.section([head])] + environments + actions(app)
    }

    private static func site(_ status: EnvironmentStatus) -> JSON? {
        guard status.release != nil, let site = status.sites.first(where: { $0.waitingFor == nil }) else { return nil }
        return Buttons.link("site", "Open", to: site.url)
    }

    private static func actions(_ app: AppStatus) -> [JSON] {
        Blocks.actions(
            [
                Buttons.button(.deployForm(app.label), "Deploy \(app.label)…"),
                Buttons.button(.ask("audit \(app.label)"), "Who did what"),
            ].compactMap(\.self))
    }
}
