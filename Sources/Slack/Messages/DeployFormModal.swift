import Deploys
import JSON

/// Asks where to deploy an app, and what.
struct DeployFormModal {
    let label: String
    let environment: EnvironmentName?
    let revision: String

    /// - Parameters:
    ///   - label: `cats`, or `org/cats`.
    ///   - environment: chosen at first.
    ///   - revision: written there at first: the default branch.
    init(label: String, environment: EnvironmentName? = nil, revision: String = "") {
        self.label = label
        self.environment = environment
        self.revision = revision
    }

    /// The argument `view` of `views.open`.
    var view: JSON {
        Views.modal(
            .deployForm, title: "Deploy", submit: "Deploy", close: "Not now", control: .deployForm(label),
            [
                Blocks.section([DeployFormWords.question(label)]),
                Views.input(.environment, label: DeployFormWords.environment, select),
                Views.input(
                    .revision, label: DeployFormWords.revision, hint: DeployFormWords.hint,
                    Views.text(initially: revision, maxUnits: 250)),
                Views.note,
            ])
    }

    private var select: JSON {
        var members: [String: JSON] = [
            "type": "static_select", "options": .array(EnvironmentName.all.map(option)),
            "placeholder": Blocks.plain(DeployFormWords.choose, maxUnits: Limits.maxHintUnits),
        ]
        if let environment { members["initial_option"] = option(environment) }
        return .object(members)
    }

    private func option(_ environment: EnvironmentName) -> JSON {
        [
            "text": Blocks.plain(EnvironmentWords.name(environment), maxUnits: Limits.maxOptionUnits),
            "value": .string(environment.rawValue),
        ]
    }
}

enum DeployFormWords {
    static let environment = "Where"
    static let choose = "Choose an environment"
    static let revision = "What"
    static let hint = "A branch, a tag, a commit (7 to 40 digits), or a release that was live there (#12)."

    static func question(_ label: String) -> String { "*Deploy \(Mrkdwn.words(label))*" }
}
