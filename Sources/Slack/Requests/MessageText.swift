import Deploys

/// What people write to the bot, as the words of a command. Pure.
///
/// Slack turns what looks like a link, a channel or a member into a mark-up of its own (docs.slack.dev, "Formatting
/// text for app surfaces"), and keyboards turn quotes, dashes and spaces into finer ones.
enum MessageText {
    /// What a message that mentions the bot asks for.
    enum Mention: Equatable {
        /// It begins with the bot's name; these are the words behind it.
        case command(String)
        /// It names the bot further inside, before the name of a command: perhaps somebody's mistake.
        case misplaced
        /// It speaks about the bot, not to it.
        case aside
    }

    /// - Parameters:
    ///   - text: a message's `text`, as Slack sends it.
    ///   - botID: the bot's user id; nil takes the first mention for the bot's.
    static func mention(in text: String, botID: String?) -> Mention {
        var rest = Substring(text).droppingLeadIn()
        var namesBot = false
        // "@iterapp: deploy …", "@ann @iterapp deploy …"
        while let member = rest.firstMember {
            rest = member.rest.droppingLeadIn()
            namesBot = namesBot || botID == nil || member.id == botID
        }
        if namesBot { return .command(command(String(rest))) }
        guard let behind = Substring(text).behindMention(of: botID) else { return .aside }
        let first = command(String(behind.droppingLeadIn())).prefix { !$0.isWhitespace }
        return Verb(rawValue: first.lowercased()) == nil ? .aside : .misplaced
    }

    /// The words of a command in a message of its own; the name of the slash command in front is no part of it.
    static func command(_ text: String) -> String {
        let lines = tidied(unlinked(text)).split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        // Of several, nobody knows which one is meant: whoever reads commands says so.
        guard lines.count == 1 else { return lines.joined(separator: "\n") }
        var words = lines[0].split { $0.isWhitespace }.map(unwrapped).filter { !$0.isEmpty }
        if let first = words.first?.lowercased(), ownNames.contains(first) { words.removeFirst() }
        if let last = words.popLast() {
            // No name of a branch or an app ends so, but sentences do.
            let bare = last.trimmingEnd { ".,;:!?".contains($0) }
            if !bare.isEmpty { words.append(bare) }
        }
        return words.joined(separator: " ")
    }

    private static let ownNames: Set = ["/iterapp", "@iterapp", "iterapp"]

    /// Quotes, dashes and spaces that a keyboard made finer, as they were typed, and Slack's escapes undone.
    static func tidied(_ text: String) -> String {
        let text = Mrkdwn.hasMarkup(text) ? Mrkdwn.unescaped(text) : text
        // No keyboard made anything finer.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x2018...0x201B: result += "'"
            case 0x201C...0x201F: result += "\""
            case 0x2010...0x2013, 0x2212: result += "-"
            // Phones and Macs make one of two hyphens.
            case 0x2014, 0x2015: result += "--"
            case 0x2026: result += "..."
            case 0x00A0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: result += " "
            case 0x00AD, 0x200B, 0x2060, 0xFEFF: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// `<http://cats.git|cats.git>` → `cats.git`, `<#C1|general>` → `#general`, `<@U1>` → `@U1`.
    static func unlinked(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            result += rest[..<open]
            result += shown(rest[rest.index(after: open)..<close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// What stands between angle brackets, as its writer saw it.
    private static func shown(_ mark: Substring) -> String {
        let halves = mark.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let target = halves.first ?? ""
        let label = halves.count > 1 && !halves[1].isEmpty ? String(halves[1]) : nil
        switch target.first {
        case "@", "#":
            guard let label else { return String(target) }
            return target.prefix(1) + label.trimmingStart { "@#".contains($0) }
        case "!": return label ?? "@" + target.dropFirst().prefix { $0 != "^" }
        default: return label ?? (target.hasPrefix("mailto:") ? String(target.dropFirst(7)) : String(target))
        }
    }

    /// `*cats*`, `"cats"` and `cats` in backticks are `cats`.
    private static func unwrapped(_ word: Substring) -> String {
        var bare = word.trimmingEnd { $0 == "`" }[...].trimmingStart { $0 == "`" }[...]
        while !bare.dropFirst(2).isEmpty, let first = bare.first, first == bare.last, "*~\"'".contains(first) {
            bare = bare.dropFirst().dropLast()
        }
        return String(bare)
    }
}

extension Substring {
    /// Without what may stand around a name: spaces, and punctuation as in "@iterapp: deploy".
    fileprivate func droppingLeadIn() -> Substring {
        drop { $0.isWhitespace || ":,;-–—*_~.!`\u{200B}\u{FEFF}\u{2060}".contains($0) }
    }

    /// Of an id and a name; the end of a longer one is not looked for.
    private static var maxMentionCharacters: Int { 200 }

    /// A member's mention that this begins with: `<@U1>` or `<@U1|ann>`.
    fileprivate var firstMember: (id: String, rest: Substring)? {
        guard hasPrefix("<@"), let close = prefix(Self.maxMentionCharacters).firstIndex(of: ">") else { return nil }
        let id = self[index(startIndex, offsetBy: 2)..<close].prefix { $0 != "|" }
        return (String(id), self[index(after: close)...])
    }

    /// What follows the first mention of the bot, wherever it stands.
    fileprivate func behindMention(of botID: String?) -> Substring? {
        var rest = self
        while let open = rest.firstIndex(of: "<") {
            rest = rest[open...]
            if let member = rest.firstMember, botID == nil || member.id == botID { return member.rest }
            rest = rest.dropFirst()
        }
        return nil
    }
}

extension StringProtocol {
    fileprivate func trimmingEnd(_ isLeftOut: (Character) -> Bool) -> String {
        var kept = self[...]
        while let last = kept.last, isLeftOut(last) { kept = kept.dropLast() }
        return String(kept)
    }

    fileprivate func trimmingStart(_ isLeftOut: (Character) -> Bool) -> String { String(drop(while: isLeftOut)) }
}
