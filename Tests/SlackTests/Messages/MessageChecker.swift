import Foundation
import JSON

/// Slack's limits, written down anew from its reference (docs.slack.dev, "Block Kit"), so that a mistake of the code
/// under test is not a mistake of its judge.
enum MessageChecker {
    /// Of a message, an answer or a view.
    static func problems(_ json: JSON) -> [String] {
        let blocks = json["blocks"]?.array ?? []
        let isView = json["type"]?.string != nil
        var problems = blocks.count > (isView ? 100 : 50) ? ["\(blocks.count) blocks"] : []
        if blocks.isEmpty { problems.append("no blocks") }
        problems += blocks.flatMap(block)
        let ids = blocks.compactMap { $0["block_id"]?.string }
        if ids.count != Set(ids).count { problems.append("a block_id stands twice") }
        if isView {
            problems += view(json)
        } else {
            if total(.array(blocks)) > 13_000 { problems.append("\(total(.array(blocks))) characters over all blocks") }
            problems += string(json["text"], 1...4_000, "text")
        }
        if json.text.utf8.count > 200_000 { problems.append("\(json.text.utf8.count) bytes") }
        return problems + pings(json)
    }

    private static func view(_ view: JSON) -> [String] {
        guard view["type"] == "modal" else { return view["type"] == "home" ? [] : ["no known view"] }
        let needsSubmit = view["blocks"]?.array?.contains { $0["type"] == "input" } ?? false
        return text(view["title"], 24, "title", isPlain: true)
            + (view["submit"] != nil || needsSubmit ? text(view["submit"], 24, "submit", isPlain: true) : [])
            + text(view["close"], 24, "close", isPlain: true)
            + string(view["callback_id"], 1...255, "callback_id")
            + (view["private_metadata"].map { string($0, 0...3_000, "private_metadata") } ?? [])
    }

    private static func block(_ block: JSON) -> [String] {
        let elements = block["elements"]?.array ?? []
        switch block["type"]?.string {
        case "divider": return []
        case "header": return text(block["text"], 150, "header", isPlain: true)
        case "section":
            return text(block["text"], 3_000, "section") + (block["accessory"].map(element) ?? [])
        case "context":
            return ((1...10).contains(elements.count) ? [] : ["\(elements.count) elements in a context"])
                + elements.flatMap { text($0, 3_000, "context") }
        case "actions":
            let ids = elements.compactMap { $0["action_id"]?.string }
            return ((1...25).contains(elements.count) ? [] : ["\(elements.count) actions"])
                + (ids.count == Set(ids).count ? [] : ["an action_id stands twice"]) + elements.flatMap(element)
        case "input":
            return text(block["label"], 2_000, "label", isPlain: true)
                + (block["hint"].map { text($0, 2_000, "hint", isPlain: true) } ?? [])
                + string(block["block_id"], 1...255, "block_id") + element(block["element"] ?? .null)
        case let type: return ["a block of type \(type ?? "none")"]
        }
    }

    private static func element(_ element: JSON) -> [String] {
        let id = string(element["action_id"], 1...255, "action_id")
        switch element["type"]?.string {
        case "button":
            var problems = id + text(element["text"], 75, "button", isPlain: true)
            if let value = element["value"] { problems += string(value, 0...2_000, "value") }
            if let url = element["url"] {
                problems += string(url, 1...3_000, "url")
                if url.string?.hasPrefix("http") != true { problems.append("url \(url)") }
            }
            return problems
        case "overflow": return id + options(element["options"], 1...5)
        case "static_select":
            let options = element["options"]?.array ?? []
            let isKnown = element["initial_option"].map(options.contains) ?? true
            return id + self.options(element["options"], 1...100) + (isKnown ? [] : ["an unknown initial_option"])
                + (element["placeholder"].map { text($0, 150, "placeholder", isPlain: true) } ?? [])
        case "plain_text_input":
            let max = element["max_length"]?.int ?? 3_000
            return id + ((1...3_000).contains(max) ? [] : ["max_length"])
                + (element["initial_value"].map { string($0, 0...max, "initial_value") } ?? [])
        case let type: return ["an element of type \(type ?? "none")"]
        }
    }

    private static func options(_ options: JSON?, _ counts: ClosedRange<Int>) -> [String] {
        guard let options = options?.array, counts.contains(options.count) else { return ["options"] }
        return options.flatMap {
            text($0["text"], 75, "option", isPlain: true) + string($0["value"], 1...150, "option")
        }
    }

    private static func text(_ text: JSON?, _ max: Int, _ what: String, isPlain: Bool = false) -> [String] {
        let type = isPlain ? "plain_text" : "mrkdwn"
        guard text?["type"]?.string == type else { return ["\(what) is no \(type)"] }
        return string(text?["text"], 1...max, what)
            + (isPlain || text?["verbatim"] == true ? [] : ["\(what) lets Slack look for mentions"])
    }

    private static func string(_ value: JSON?, _ range: ClosedRange<Int>, _ what: String) -> [String] {
        guard let text = value?.string else { return ["\(what) is missing"] }
        return range.contains(text.utf16.count) ? [] : ["\(what) has \(text.utf16.count) characters"]
    }

    private static func total(_ json: JSON) -> Int {
        switch json {
        case .string(let text): text.utf16.count
        case .array(let items): items.reduce(0) { $0 + total($1) }
        case .object(let members): members.filter { $0.key != "type" }.values.reduce(0) { $0 + total($1) }
        default: 0
        }
    }

    /// Nobody's text calls anybody, and what is mark-up is whole.
    private static func pings(_ json: JSON) -> [String] {
        switch json {
        case .array(let items): return items.flatMap(pings)
        case .object(let members):
            guard members["type"] != "plain_text" else { return [] }
            return members.flatMap { key, value in
                key == "text" ? value.string.map(markup) ?? pings(value) : pings(value)
            }
        default: return []
        }
    }

    private static func markup(_ text: String) -> [String] {
        let ours = ["@U0", "!subteam^S0", "#C0", "!date^", "https://", "http://"]
        var problems: [String] = []
        var rest = ""
        for (index, piece) in text.components(separatedBy: "<").enumerated() {
            let halves = piece.components(separatedBy: ">")
            if index > 0, halves.count != 2 { problems.append("half a link: <\(piece.prefix(80))") }
            if index > 0, !ours.contains(where: piece.hasPrefix) { problems.append("the special <\(piece.prefix(80))") }
            rest += halves[halves.count - 1]
        }
        let entities = rest.components(separatedBy: "&").dropFirst()
        if !entities.allSatisfy({ piece in ["amp;", "lt;", "gt;"].contains(where: piece.hasPrefix) }) {
            problems.append("half an entity: \(rest.suffix(80))")
        }
        let pieces = rest.components(separatedBy: "`")
        if pieces.count % 2 == 0 { problems.append("half a piece of code: \(rest.suffix(80))") }
        let outside = pieces.enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined(separator: "`").lowercased()
        problems += ["@channel", "@here", "@everyone"].filter(outside.contains)
        let turning = rest.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) || $0.value == 0 }
        return turning ? problems + ["text that turns"] : problems
    }
}
