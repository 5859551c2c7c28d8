import Deploys
import JSON

/// What can be pressed below a live message.
enum LiveControls {
    static let maxSteps = 5

    static func buttons(_ report: Report) -> [JSON] {
        let steps = (report.steps ?? []).prefix(maxSteps).map { step in
            Buttons.button(.step(step, report.operation.id), label(step), style(step))
        }
        return (steps + [deploy(report), log(report), site(report)]).compactMap(\.self)
    }

    private static func label(_ step: NextStep) -> String {
        switch step {
        case .cancel: "Cancel"
        case .approve: "Approve"
        case .decline: "Decline"
        case .retry: "Retry"
        case .deploy(let environment): "Deploy to \(EnvironmentWords.name(environment))"
        case .rollBack(let number): "Roll back to #\(number)"
        }
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
        return Buttons.button(.deployForm(report.appLabel), "Deploy \(report.appLabel)…")
    }

    private static func log(_ report: Report) -> JSON? {
        report.logURL.flatMap { Buttons.link("log", "Open log", to: $0) }
    }

    private static func site(_ report: Report) -> JSON? {
        guard case .live(let sites) = report.phase, let site = sites.first(where: { $0.waitingFor == nil })
        else { return nil }
        return Buttons.link("site", "Open site", to: site.url)
    }
}
