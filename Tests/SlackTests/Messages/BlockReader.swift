import Foundation
import JSON

/// What a person reads: the words of a message or view, with its buttons in brackets.
enum BlockReader {
    static func text(_ json: JSON) -> String {
        var lines: [String] = []
        if let title = json.at("title", "text")?.string { lines.append("# \(title)") }
        lines += (json["blocks"]?.array ?? []).flatMap(block)
        let buttons = ["close", "submit"].compactMap { json.at($0, "text")?.string }.map { "[\($0)]" }
        if !buttons.isEmpty { lines.append(buttons.joined(separator: " ")) }
        if let text = json["text"]?.string { lines.append("(notification: \(plain(text)))") }
        return lines.joined(separator: "\n")
    }

    private static func block(_ block: JSON) -> [String] {
        switch block["type"]?.string {
        case "divider": return ["---"]
        case "header": return ["# \(block.at("text", "text")?.string ?? "")"]
        case "context":
            return (block["elements"]?.array ?? []).flatMap { element in
                plain(element["text"]?.string ?? "").split(separator: "\n").map { "  \($0)" }
            }
        case "actions": return [(block["elements"]?.array ?? []).map(element).joined(separator: " ")]
        case "input":
            return [
                "\(block.at("label", "text")?.string ?? "") \(element(block["element"] ?? .null))"
                    + (block["optional"] == true ? " (optional)" : ""),
                block.at("hint", "text")?.string.map { "  \($0)" },
            ].compactMap(\.self)
        default:
            let accessory = block["accessory"].map { " \(element($0))" } ?? ""
            return [plain(block.at("text", "text")?.string ?? "") + accessory]
        }
    }

    private static func element(_ element: JSON) -> String {
        switch element["type"]?.string {
        case "button":
            let mark = element["style"] == "primary" ? "+" : element["style"] == "danger" ? "!" : ""
            return "[\(mark)\(element.at("text", "text")?.string ?? "")\(element["url"] == nil ? "" : " ↗")]"
        case "overflow":
            let options = (element["options"]?.array ?? []).compactMap { $0.at("text", "text")?.string }
            return "[⋯ \(options.joined(separator: " | "))]"
        case "static_select":
            let chosen = element.at("initial_option", "text", "text") ?? element.at("placeholder", "text")
            return "[\(chosen?.string ?? "") ▾]"
        default: return "[\(element["initial_value"]?.string ?? "")…]"
        }
    }

    /// Links by their labels, dates by their fallbacks.
    private static func plain(_ text: String) -> String {
        text.replacing(/<([^<>|]*)\|([^<>]*)>/) { String($0.2) }
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}
