import Deploys
import JSON

/// Windows as they are opened: with what leads back to where they came from.
enum Forms {
    /// What a press would change, to be confirmed.
    static func confirmation(of preview: Preview, from memory: WindowMemory) -> JSON {
        remembering(memory, ConfirmModal(preview).view)
    }

    /// Where to deploy an app, and what.
    static func deploy(_ label: String, from memory: WindowMemory) -> JSON {
        remembering(memory, DeployFormModal(label: label).view)
    }

    /// An answer where there is no channel to give it in.
    static func answer(_ answer: Answer, from memory: WindowMemory) -> JSON {
        remembering(memory, AnswerModal(answer).view)
    }

    /// What a window is about stands in its `private_metadata` already; where it came from joins it.
    private static func remembering(_ memory: WindowMemory, _ view: JSON) -> JSON {
        var memory = memory
        memory.control = view["private_metadata"]?.string.flatMap(Control.init)
        var view = view
        view["private_metadata"] = .string(memory.text)
        return view
    }
}
