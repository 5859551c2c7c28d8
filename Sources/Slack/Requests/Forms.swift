import Deploys
import JSON

/// Windows as they are opened: with what leads back to where they came from.
enum Forms {
    /// What would change, to be confirmed.
    ///
    /// - Parameter note: why, as far as its sender has said so already.
    static func confirmation(of preview: Preview, note: String? = nil, from memory: WindowMemory) -> JSON {
        remembering(memory, wish: preview.wish, ConfirmModal(preview, note: note).view)
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
    private static func remembering(_ memory: WindowMemory, wish: DeployWish? = nil, _ view: JSON) -> JSON {
        var memory = memory
        memory.wish = wish
        memory.control = view["private_metadata"]?.string.flatMap(Control.init)
        var view = view
        view["private_metadata"] = .string(memory.text)
        return view
    }
}
