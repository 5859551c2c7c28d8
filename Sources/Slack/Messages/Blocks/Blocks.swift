import JSON

/// The blocks and elements that we use, each within what Slack takes.
enum Blocks {
    /// Whole lines, as many as fit; the last one says that there were more.
    static func section(_ lines: [String], accessory: JSON? = nil) -> JSON {
        var block: JSON = ["type": "section", "text": mrkdwn(joined(lines, maxUnits: Limits.maxSectionUnits))]
        if let accessory, case .object(var members) = block {
            members["accessory"] = accessory
            block = .object(members)
        }
        return block
    }

    /// As many sections as the lines need; nothing for nothing.
    static func sections(_ lines: [String], atMost maxSections: Int) -> [JSON] {
        var parts: [[String]] = []
        var units = 0
        for line in lines.map({ Mrkdwn.cutMarkup($0, to: Limits.maxSectionUnits) }) {
            units += line.utf16.count + 1
            if parts.isEmpty || units > Limits.maxSectionUnits {
                if parts.count == maxSections {
                    parts[maxSections - 1].append("…")
                    break
                }
                parts.append([])
                units = line.utf16.count + 1
            }
            parts[parts.count - 1].append(line)
        }
        return parts.filter { $0.contains { !$0.isEmpty } }.map { section($0) }
    }

    static func header(_ text: String) -> JSON {
        ["type": "header", "text": plain(text, maxUnits: Limits.maxHeaderUnits)]
    }

    /// Small and grey.
    static func context(_ texts: [String]) -> JSON {
        let shown = texts.filter { !$0.isEmpty }.prefix(Limits.maxContextElements)
        return ["type": "context", "elements": .array(shown.map(mrkdwn))]
    }

    /// Nothing for no elements.
    static func actions(_ elements: [JSON]) -> [JSON] {
        elements.isEmpty ? [] : [["type": "actions", "elements": .array(Array(elements.prefix(Limits.maxButtons)))]]
    }

    static var divider: JSON { ["type": "divider"] }

    /// Slack is asked to read nothing into it but our own mark-up: no names of channels, no mentions, no addresses.
    static func mrkdwn(_ text: String) -> JSON {
        let shown = text.isEmpty ? " " : Mrkdwn.cutMarkup(text, to: Limits.maxSectionUnits)
        return ["type": "mrkdwn", "text": .string(shown), "verbatim": true]
    }

    static func plain(_ text: String, maxUnits: Int) -> JSON {
        let shown = ForeignText.line(text, maxUnits: maxUnits - 2)
        return ["type": "plain_text", "text": .string(shown.isEmpty ? " " : shown), "emoji": false]
    }

    private static func joined(_ lines: [String], maxUnits: Int) -> String {
        var kept: [String] = []
        var units = 0
        for line in lines.map({ Mrkdwn.cutMarkup($0, to: maxUnits - 2) }) {
            units += line.utf16.count + 1
            guard units <= maxUnits - 2 else {
                kept.append("…")
                break
            }
            kept.append(line)
        }
        return kept.joined(separator: "\n")
    }
}
