import Deploys

/// What a button, a menu's option or a modal of ours stands for, as it travels through Slack and back: an `action_id`
/// of up to 255 characters and a `value` of up to 2,000 (docs.slack.dev, "Block elements").
enum Control: Hashable {
    /// A next step of an operation.
    case step(NextStep, OperationID)
    /// A link: Slack opens it by itself, and tells us, too.
    case link(String)
    /// Asks for a form: where to deploy an app, and what. The app's label.
    case deployForm(String)
    /// A command that only informs, without the slash: `status cats`.
    case ask(String)

    /// One message may show the same kind of control several times, each with an id of its own.
    var actionID: String {
        switch self {
        case .step(let step, let operation): "step:\(step.name):\(operation)"
        case .link(let name): "link:\(name)"
        case .deployForm(let label): "form:deploy:\(label)"
        case .ask(let command): "ask:\(command)"
        }
    }

    /// Says the same: the options of a menu have no id of their own.
    var value: String { actionID }

    /// Nil for what is not ours.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        switch parts[0] {
        case "step":
            let halves = parts[1].split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let step = NextStep(name: String(halves[0])), let number = Int64(halves[1])
            else { return nil }
            self = .step(step, OperationID(number))
        case "link": self = .link(parts[1])
        case "form":
            guard parts[1].hasPrefix("deploy:"), parts[1].count > 7 else { return nil }
            self = .deployForm(String(parts[1].dropFirst(7)))
        case "ask":
            guard Self.onlyInforms(parts[1]) else { return nil }
            self = .ask(parts[1])
        default: return nil
        }
    }

    /// What changes something is a step: it is offered by an operation, and acts once.
    private static func onlyInforms(_ command: String) -> Bool {
        let word = command.split { $0.isWhitespace }.first?.lowercased()
        return word.flatMap(Verb.init)?.onlyInforms ?? false
    }
}
