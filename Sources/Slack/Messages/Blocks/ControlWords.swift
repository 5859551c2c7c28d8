import Deploys

/// What stands on buttons and in menus. Three dots say that a form follows.
enum ControlWords {
    static let deploy = "Deploy…"
    static let status = "Status"
    static let audit = "Who did what"
    static let allApps = "All apps"
    static let openLog = "Open log"
    static let openSite = "Open site"
    static let open = "Open"

    static func deploy(_ label: String) -> String { "Deploy \(label)…" }
    static func status(_ label: String) -> String { "Status of \(label)" }
    static func audit(_ label: String) -> String { "Who did what with \(label)" }
    static func open(_ environment: EnvironmentName) -> String { "Open \(EnvironmentWords.name(environment))" }

    static func step(_ step: NextStep) -> String {
        switch step {
        case .cancel: "Cancel"
        case .approve: "Approve"
        case .decline: "Decline"
        case .retry: "Retry"
        case .deploy(let environment): "Deploy to \(EnvironmentWords.name(environment))"
        case .rollBack(let number): "Roll back to #\(number)"
        }
    }
}
