import JSON

/// What Slack refuses in options and menus of them (docs.slack.dev, "Option object", "Option group object").
enum OptionRules {
    static let maxTextCharacters = 75
    static let maxValueCharacters = 150
    static let maxSelectOptions = 100
    static let maxOverflowOptions = 5
    static let maxBoxes = 10

    static func problems(_ element: JSON, type: String, _ pointer: String) -> [String] {
        let isSelect = type.hasSuffix("select")
        let most = isSelect ? maxSelectOptions : type == "overflow" ? maxOverflowOptions : maxBoxes
        var problems: [String] = []
        if isSelect, let groups = element["option_groups"] {
            if element["options"] != nil {
                problems.append("options and option_groups exclude each other \(TextRules.at(pointer))")
            }
            problems += self.groups(groups, pointer + "/option_groups")
        } else {
            problems += list(element["options"], type: type, most: most, pointer + "/options")
        }
        let known = BlockElements.options(of: element)
        if let initial = element["initial_option"], !known.contains(initial) {
            problems.append("must be one of the options \(TextRules.at(pointer + "/initial_option"))")
        }
        if let initial = element["initial_options"] {
            let isKnown = initial.array.map { !$0.isEmpty && $0.allSatisfy(known.contains) } ?? false
            if !isKnown { problems.append("must be some of the options \(TextRules.at(pointer + "/initial_options"))") }
        }
        return problems
    }

    private static func groups(_ groups: JSON, _ pointer: String) -> [String] {
        guard let list = groups.array, (1...maxSelectOptions).contains(list.count) else {
            return ["must have 1 to \(maxSelectOptions) items \(TextRules.at(pointer))"]
        }
        return list.enumerated().flatMap { index, group in
            let place = "\(pointer)/\(index)"
            return Properties.check(group, place, known: ["label", "options"])
                + TextRules.plain(group["label"], place + "/label", max: maxTextCharacters, required: true)
                + self.list(group["options"], type: "static_select", most: maxSelectOptions, place + "/options")
        }
    }

    private static func list(_ options: JSON?, type: String, most: Int, _ pointer: String) -> [String] {
        guard let list = options?.array, (1...most).contains(list.count) else {
            return ["must have 1 to \(most) items \(TextRules.at(pointer))"]
        }
        return list.enumerated().flatMap { index, option in
            self.option(option, type: type, "\(pointer)/\(index)")
        }
    }

    private static func option(_ option: JSON, type: String, _ pointer: String) -> [String] {
        let mayFormat = type == "checkboxes" || type == "radio_buttons"
        var known: Set<String> = ["text", "value", "description"]
        if type == "overflow" { known.insert("url") }
        var problems = Properties.check(option, pointer, known: known)
        for (key, isRequired) in [("text", true), ("description", false)] {
            problems += mayFormat
                ? TextRules.any(option[key], "\(pointer)/\(key)", max: maxTextCharacters, required: isRequired)
                : TextRules.plain(option[key], "\(pointer)/\(key)", max: maxTextCharacters, required: isRequired)
        }
        return problems + TextRules.string(
            option["value"], pointer + "/value", in: 1...maxValueCharacters, required: true)
            + TextRules.string(
                option["url"], pointer + "/url", in: 1...ElementRules.maxURLCharacters, required: false)
    }
}
