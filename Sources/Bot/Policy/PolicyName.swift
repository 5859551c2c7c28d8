import AppFile
import Deploys
import TOML

/// Why a word of the policy file names nobody.
struct PolicyNameFault: Error {
    let sentence: String
}

/// The words by which the policy file names people, groups, teams and channels. Pure.
enum PolicyName {
    static let anyone = "anyone"
    static let ownTeam = "team"
    static let teamPrefix = "team:"
    static let maxNameCharacters = 60
    /// Slack's own have 9 to 11 characters and get longer; they are opaque (docs.slack.dev, "Users").
    private static let idLengths = 2...30

    // MARK: Who

    static func holder(_ text: String, teams: [String]) throws(PolicyNameFault) -> Policy.Holder {
        switch text {
        case anyone: return .party(.anyone)
        case ownTeam: return .owner
        case _ where text.hasPrefix(teamPrefix):
            let name = String(text.dropFirst(teamPrefix.count))
            if teams.contains(name) { return .party(.team(name)) }
            let guess = nearest(to: name, in: teams).map { "; did you mean `\(teamPrefix)\($0)`?" } ?? ""
            throw fault("there is no team `\(TOMLText.plain(name))` in this file\(guess)")
        case _ where teams.contains(text):
            throw fault("`\(TOMLText.plain(text))` is a team; write `\(teamPrefix)\(TOMLText.plain(text))`")
        default:
            if let near = word(near: text) {
                throw fault("`\(TOMLText.plain(text))` is nobody; did you mean `\(near)`?")
            }
            return .party(try member(text))
        }
    }

    /// A person or a group.
    static func member(_ text: String) throws(PolicyNameFault) -> Party {
        if isID(text, "UW") { return .person(text) }
        if isID(text, "S") { return .group(text) }
        let shown = "`\(TOMLText.plain(text))`"
        if [anyone, ownTeam].contains(text) || text.hasPrefix(teamPrefix) {
            throw fault("\(shown) is no member; a team's members are ids of people and user groups")
        }
        for candidate in [unwrapped(text), text.uppercased(), unwrapped(text).uppercased()]
        where candidate != text && candidate.contains(where: \.isNumber) && isID(candidate, "UWS") {
            throw fault("\(shown) is not quite an id; write `\(candidate)`")
        }
        if isID(text, "CGD") { throw fault("\(shown) is the id of a channel, not of a person or a user group") }
        throw fault("\(shown) is no id. \(advice)")
    }

    private static let advice = """
        Names and addresses change, so people are named by their member id, U… or W… (in Slack: the person's profile, \
        “⋮”, “Copy member ID”), and user groups by theirs, S… (in Slack: Directories, “User groups”, the group, “…”, \
        “Copy group ID”)
        """

    private static func word(near text: String) -> String? {
        if ["everyone", "everybody", "anybody", "all", "*"].contains(text.lowercased()) { return anyone }
        if isID(text, "UWS") { return nil }
        return nearest(to: text, in: [anyone, ownTeam])
    }

    /// What stands in `<@U012AB3CD>` or `<!subteam^S0614TZR7|@cats>`, or behind an `@`.
    private static func unwrapped(_ text: String) -> String {
        var text = Substring(text)
        if text.hasPrefix("<"), text.hasSuffix(">") { text = text.dropFirst().dropLast() }
        if let bar = text.firstIndex(of: "|") { text = text[..<bar] }
        for prefix in ["@", "!subteam^"] where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
        return String(text)
    }

    private static func isID(_ text: String, _ firstLetters: String) -> Bool {
        guard let first = text.first, firstLetters.contains(first), idLengths.contains(text.utf8.count) else {
            return false
        }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    }

    // MARK: Teams and channels

    /// Names stand in sentences, where nothing in them may be taken for mark-up.
    static func fault(inTeam name: String) -> String? {
        let isName = !name.isEmpty && name.count <= maxNameCharacters && name == name.trimmingSpaces
            && name.allSatisfy { $0.isLetter || $0.isNumber || " -_.&+".contains($0) }
        return isName
            ? nil
            : "`\(TOMLText.key(name))` can't be a team's name: those have up to \(maxNameCharacters) letters, digits, "
                + "spaces and - _ . & +"
    }

    static func fault(inChannel text: String) -> String? {
        if text == ChannelPolicy.direct || text == Place.homeWord || isID(text, "CG") { return nil }
        if text.hasPrefix("#"), isChannelName(text.dropFirst()) { return nil }
        let shown = "`\(TOMLText.plain(text))`"
        if isChannelName(text[...]) { return "\(shown) is no channel; write `#\(TOMLText.plain(text))`" }
        return "\(shown) is no channel; write `#name`, the channel's id (C…), `direct` or `home`"
    }

    private static func isChannelName(_ text: Substring) -> Bool {
        !text.isEmpty && text == text.lowercased()
            && text.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) }
    }

    private static func fault(_ sentence: String) -> PolicyNameFault { PolicyNameFault(sentence: sentence) }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
