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
            .deployForm, title: FormWords.deploy, submit: FormWords.deploy, close: FormWords.notNow,
            control: .deployForm(label),
            [
                Blocks.section([FormWords.question(label)]),
                Views.input(.environment, label: FormWords.environment, select),
                Views.input(
                    .revision, label: FormWords.revision, hint: FormWords.revisionHint,
                    Views.text(initially: revision, maxUnits: 250)),
                Views.note(),
            ])
    }

    private var select: JSON {
        var members: [String: JSON] = [
            "type": "static_select", "options": .array(EnvironmentName.all.map(option)),
            "placeholder": Blocks.plain(FormWords.chooseEnvironment, maxUnits: Limits.maxHintUnits),
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
