import JSON

/// The frames of our modals (docs.slack.dev, "Modal views").
enum Views {
    /// - Parameter control: what the modal is about; comes back with its submission.
    static func modal(
        _ name: ViewName, title: String, submit: String?, close: String, control: Control?, _ blocks: [JSON]
    ) -> JSON {
        var members: [String: JSON] = [
            "type": "modal", "callback_id": .string(name.rawValue),
            "title": Blocks.plain(title, maxUnits: Limits.maxViewTitleUnits),
            "close": Blocks.plain(close, maxUnits: Limits.maxViewTitleUnits),
            "blocks": .array(BlockBudget.fitted(blocks, maxBlocks: Limits.maxViewBlocks)),
        ]
        if let submit { members["submit"] = Blocks.plain(submit, maxUnits: Limits.maxViewTitleUnits) }
        // What is cut means something else.
        if let control, control.value.utf16.count <= Limits.maxMetadataUnits {
            members["private_metadata"] = .string(control.value)
        }
        return .object(members)
    }

    static func input(
        _ field: ViewField, label: String, hint: String? = nil, isOptional: Bool = false, _ element: JSON
    ) -> JSON {
        var element = element
        if case .object(var members) = element {
            members["action_id"] = .string(field.rawValue)
            element = .object(members)
        }
        var members: [String: JSON] = [
            "type": "input", "block_id": .string(field.rawValue), "optional": .bool(isOptional),
            "label": Blocks.plain(label, maxUnits: Limits.maxHintUnits), "element": element,
        ]
        if let hint { members["hint"] = Blocks.plain(hint, maxUnits: Limits.maxHintUnits) }
        return .object(members)
    }

    /// - Parameter maxUnits: more can't be typed.
    static func text(initially text: String = "", maxUnits: Int) -> JSON {
        var members: [String: JSON] = ["type": "plain_text_input", "max_length": .int(maxUnits)]
        if !text.isEmpty, text.utf16.count <= maxUnits { members["initial_value"] = .string(text) }
        return .object(members)
    }

    /// One line that says why, for the record.
    static func note(initially text: String = "") -> JSON {
        input(
            .note, label: FormWords.note, hint: FormWords.noteHint, isOptional: true,
            self.text(initially: Mrkdwn.cut(text, to: maxNoteUnits), maxUnits: maxNoteUnits))
    }

    static let maxNoteUnits = 300
}
