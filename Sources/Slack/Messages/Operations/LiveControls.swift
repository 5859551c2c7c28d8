import Deploys
import JSON

/// What can be pressed below a live message.
enum LiveControls {
    static let maxSteps = 5

    static func buttons(_ report: Report) -> [JSON] {
        let steps = (report.steps ?? []).prefix(maxSteps).map { step in
            Buttons.button(.step(step, report.operation.id), ControlWords.step(step), style(step))
        }
        return (steps + [deploy(report), log(report), site(report)]).compactMap(\.self)
    }

    private static func style(_ step: NextStep) -> Buttons.Style? {
        switch step {
        case .approve, .retry, .deploy: .primary
        case .decline: .danger
        case .cancel, .rollBack: nil
        }
    }

    /// The first thing to do with a new app.
    private static func deploy(_ report: Report) -> JSON? {
        guard case .registered = report.phase else { return nil }
        return Buttons.button(.deployForm(report.appLabel), ControlWords.deploy(report.appLabel))
    }

    private static func log(_ report: Report) -> JSON? {
        report.logURL.flatMap { Buttons.link("log", ControlWords.openLog, to: $0) }
    }

    private static func site(_ report: Report) -> JSON? {
        guard case .live(let sites) = report.phase, let site = sites.first(where: { $0.waitingFor == nil })
        else { return nil }
        return Buttons.link("site", ControlWords.openSite, to: site.url)
    }
}
