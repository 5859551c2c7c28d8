/// What can be typed behind `/iterapp`.
package enum Command: Sendable, Equatable {
    case help(Verb?)
    case apps
    /// Nil for the sender's own apps.
    case status(AppID?)
    case register(AppID)
    case deregister(AppID)
    /// The environment is the one that the result's button will offer; nil for the app's default.
    case build(AppID, EnvironmentName?, Revision)
    case deploy(AppID, EnvironmentName, Revision)
    /// Nil for whatever of the app is under way.
    case cancel(AppID, EnvironmentName?)
    case approve(AppID, EnvironmentName)
    /// Who did what with an app, or was not allowed to.
    case audit(AppID)
}

package enum Verb: String, CaseIterable, Sendable {
    case deploy, build, cancel, approve, status, apps, register, deregister, audit, help

    /// Whether it tells something and changes nothing.
    package var onlyInforms: Bool {
        switch self {
        case .status, .apps, .audit, .help: true
        case .deploy, .build, .cancel, .approve, .register, .deregister: false
        }
    }
}

/// Why a text is no command: for its sender only.
package struct CommandMistake: Error, Sendable, Equatable {
    package let sentence: String
    /// The verb whose usage line helps; nil when all of them do.
    package let verb: Verb?
}
