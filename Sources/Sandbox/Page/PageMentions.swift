import Deploys
import JSON

/// What somebody types, as Slack's clients send it on: names become mentions (docs.slack.dev, "Formatting message
/// text").
struct PageMentions {
    private let marks: [String: String]

    init(_ workspace: Workspace) async throws {
        var marks = ["@here": "<!here>", "@channel": "<!channel>", "@everyone": "<!everyone>"]
        for channel in try await workspace.channels() where channel.kind != .direct {
            marks["#\(channel.name)"] = "<#\(channel.id)|\(channel.name)>"
        }
        for group in try await workspace.groups() where !group.isDisabled {
            marks["@\(group.handle)"] = "<!subteam^\(group.id)>"
        }
        for member in try await workspace.members() where !member.isDeactivated {
            marks["@\(member.name)"] = "<@\(member.id)>"
        }
        self.marks = marks
    }

    func marked(_ text: String) -> String {
        // Where a word ends, a name does.
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let name = word.prefix { $0 == "@" || $0 == "#" || $0 == "-" || $0 == "_" || $0.isLetter || $0.isNumber }
            guard let mark = marks[name.lowercased()] else { return Self.escaped(String(word)) }
            return mark + Self.escaped(String(word.dropFirst(name.count)))
        }.joined(separator: " ")
    }

    /// `&`, `<` and `>`, and nothing else.
    static func escaped(_ text: String) -> String {
        text.replacingEvery("&", with: "&amp;").replacingEvery("<", with: "&lt;").replacingEvery(">", with: "&gt;")
    }
}
