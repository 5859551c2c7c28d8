import JSON

/// The elements that people can use, wherever blocks have them.
enum BlockElements {
    /// Those of one block: of `actions`, an `input`'s, a section's accessory.
    static func all(of block: JSON) -> [JSON] {
        (block["elements"]?.array ?? []).filter { $0["action_id"] != nil }
            + [block["element"], block["accessory"]].compactMap { $0 }.filter { $0["action_id"] != nil }
    }

    /// A menu's, groups flattened.
    static func options(of element: JSON) -> [JSON] {
        (element["options"]?.array ?? [])
            + (element["option_groups"]?.array ?? []).flatMap { $0["options"]?.array ?? [] }
    }

    /// What may be chosen or pressed.
    static func values(of element: JSON) -> [String] {
        [element["value"]?.string].compactMap { $0 } + options(of: element).compactMap { $0["value"]?.string }
    }
}
