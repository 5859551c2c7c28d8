import JSON

/// A control as an element that people press.
enum Buttons {
    enum Style: String { case primary, danger }

    /// Nil when it would not come back as it went: what is cut means something else.
    static func button(_ control: Control, _ label: String, _ style: Style? = nil) -> JSON? {
        guard control.actionID.utf16.count <= Limits.maxActionIDUnits else { return nil }
        var members: [String: JSON] = [
            "type": "button", "action_id": .string(control.actionID), "value": .string(control.value),
            "text": Blocks.plain(label, maxUnits: Limits.maxButtonUnits),
        ]
        if let style { members["style"] = .string(style.rawValue) }
        return .object(members)
    }

    /// Opens a page. Nil for what a browser would not open.
    static func link(_ name: String, _ label: String, to url: String) -> JSON? {
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf16.count <= Limits.maxURLUnits,
            url.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }),
            case .object(var members) = button(.link(name), label)
        else { return nil }
        members["url"] = .string(url)
        return .object(members)
    }

    /// Three dots that open a short list. Nil for an empty one.
    static func menu(_ entries: [(label: String, control: Control)]) -> JSON? {
        let options = entries.filter { $0.control.value.utf16.count <= Limits.maxOptionValueUnits }
            .prefix(Limits.maxOptions).map { entry -> JSON in
                [
                    "text": Blocks.plain(entry.label, maxUnits: Limits.maxOptionUnits),
                    "value": .string(entry.control.value),
                ]
            }
        guard !options.isEmpty else { return nil }
        return ["type": "overflow", "action_id": .string(ViewField.menu.rawValue), "options": .array(Array(options))]
    }
}
