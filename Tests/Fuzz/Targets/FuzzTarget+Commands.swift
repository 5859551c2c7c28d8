import Foundation
import JSON

@testable import Deploys
@testable import Slack

extension FuzzTarget {
    private static let commandWords =
        Verb.allCases.map { $0.rawValue + " " } + [
            "cats ", "iterate/cats ", "prod ", "test ", "snap3 ", "snap-3 ", "main", "#12", "feature/x", "..", "@{", ".lock", "-",
            "\u{301}", "\u{D4E}", "\u{202E}", "\u{200B}", "\u{A0}", "\u{2014}", "\t", "\n", "`", "*", "<", ">", "&", "&lt;", "&gt;",
            "<@U0BOT00001>", "<#C1|general>", "<http://cats.git|cats.git>", "<!channel>", "@here", "/iterapp ", "\"", "‘",
        ]

    /// Whatever is typed becomes a command or a sentence; a command means the same when it is typed plainly; and the
    /// answer is a message that Slack takes.
    static let command = FuzzTarget("command", maxInputBytes: 1_100, words: commandWords) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        for typed in [text, MessageText.tidied(text), MessageText.command(text)] { try checkCommand(typed) }
    }

    private static func checkCommand(_ text: String) throws {
        let parser = CommandParser(defaultOrganisation: "iterate")
        let command: Command
        do throws(CommandMistake) { command = try parser.parse(text) } catch {
            try require(error.sentence.contains(" "), "no sentence: \(error.sentence)")
            try checkMessage(Answer(.refused, error.sentence))
            return
        }
        let plain = typed(command)
        for word in plain.split(separator: " ").dropFirst() {
            try require(word.utf8.first != UInt8(ascii: "-"), "an option: \(word)")
            try require(!word.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "a control character: \(word)")
        }
        do { try requireEqual(try parser.parse(plain), command, "typed plainly, it is another: \(plain)") } catch let mistake as CommandMistake {
            throw Complaint("typed plainly, it is no command: \(plain): \(mistake.sentence)")
        }
        if case .deploy(_, _, let revision) = command { try checkBranch(revision) }
    }

    /// What Git would not take for a branch (git-check-ref-format).
    private static func checkBranch(_ revision: Revision) throws {
        let bytes = Array(revision.text.utf8)
        for part in ["..", "//", "@{", "/.", ".lock/", "\\", "~", "^", ":", "?", "*", "[", " "] {
            try require((bytes + [0x2F]).firstRange(of: Array(part.utf8)) == nil, "\(part) in a revision: \(revision)")
        }
    }

    private static func typed(_ command: Command) -> String {
        func words(_ verb: Verb, _ words: String?...) -> String { ([verb.rawValue] + words.compactMap { $0 }).joined(separator: " ") }
        return switch command {
        case .help(let topic): words(.help, topic?.rawValue)
        case .apps: words(.apps)
        case .status(let app): words(.status, app?.key)
        case .register(let app): words(.register, app.key)
        case .deregister(let app): words(.deregister, app.key)
        case .build(let app, let environment, let revision): words(.build, app.key, environment?.rawValue, revision.text)
        case .deploy(let app, let environment, let revision): words(.deploy, app.key, environment.rawValue, revision.text)
        case .cancel(let app, let environment): words(.cancel, app.key, environment?.rawValue)
        case .approve(let app, let environment): words(.approve, app.key, environment.rawValue)
        case .audit(let app): words(.audit, app.key)
        }
    }

    private static func checkMessage(_ answer: Answer) throws {
        let message = AnswerMessage(answer)
        try require(message.text.utf16.count <= Limits.maxNotificationUnits, "a text of \(message.text.utf16.count) units")
        try require(message.blocks.count <= Limits.maxMessageBlocks, "\(message.blocks.count) blocks")
        for block in message.blocks {
            guard let text = block.at("text", "text")?.string else { continue }
            try require(!text.isEmpty && text.utf16.count <= 3_000, "a section of \(text.utf16.count) units")
            try checkCallsNobody(text)
        }
        try checkCallsNobody(message.text)
        _ = try JSON.parse(message.json.bytes)
    }

    /// Nothing but people, groups and channels, called by their ids.
    private static func checkCallsNobody(_ text: String) throws {
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "<") {
            let rest = String(decoding: bytes[index...].prefix(40), as: UTF8.self)
            let isMention = rest.prefixMatch(of: /<(@[UW]|#[CG]|!subteam\^S)[A-Z0-9]+>/) != nil
            try require(isMention, "mark-up that is not ours: \(rest)")
        }
    }

    /// Words of others, in every form in which they stand beside ours.
    static let message = FuzzTarget("message", maxInputBytes: 2_000, words: commandWords) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        _ = MessageText.mention(in: text, botID: "U0BOT00001")
        _ = MessageText.mention(in: text, botID: nil)
        for shown in [Mrkdwn.words(text), Mrkdwn.sentence(text), Mrkdwn.code(text), Mrkdwn.neutral(text)] { try checkCallsNobody(shown) }
        try require(!Mrkdwn.words(text).utf8.contains { "*~`".utf8.contains($0) }, "words that format: \(Mrkdwn.words(text))")
        let code = Mrkdwn.code(text).utf8
        try require(code.count { $0 == UInt8(ascii: "`") } == 2, "code that ends early: \(Mrkdwn.code(text))")
        let link = Mrkdwn.link("https://a.no/" + text, text).utf8
        if link.first == UInt8(ascii: "<") {
            try require(link.count { $0 == UInt8(ascii: "<") } == 1 && link.count { $0 == UInt8(ascii: ">") } == 1, "more than a link")
        }
        try requireEqual(Array(Mrkdwn.unescaped(Mrkdwn.escaped(text)).utf8), Array(text.utf8), "escaped and back, it is another")
        let excerpt = LogExcerpt(text.split(whereSeparator: \.isNewline).map(String.init), maxUnits: 500).text
        try require(!excerpt.utf8.contains { "<>".utf8.contains($0) } && !excerpt.hasBytes(of: "```"), "a log that ends early: \(excerpt)")
        try checkMessage(Answer(.information, quoted(text) + " is not there."))
    }

    private static let slackWords = commandWords + [
        "{\"type\":\"event_callback\",\"event\":{", "\"type\":\"message\"", "\"type\":\"app_mention\"", "\"channel_type\":\"im\"",
        "\"user\":\"U1\"", "\"channel\":\"C1\"", "\"text\":\"", "\"subtype\":", "\"private_metadata\":\"", "\"callback_id\":\"confirm\"",
        "\"view\":{\"id\":\"V1\"", "\"state\":{\"values\":{", "\"actions\":[{\"action_id\":\"step:", "\"value\":\"", "\"selected_option\":{",
        "\"blocks\":[{\"type\":\"input\",\"block_id\":\"", "step:cancel:12", "form:deploy:cats", "ask:status cats", "link:log",
        "{\\\"since\\\":1e308,\\\"place\\\":\\\"channel\\\",\\\"channel\\\":\\\"C1\\\"", "\\\"wish\\\":{", "\"since\":", "\"place\":\"home\"",
    ]

    /// What Slack sends, as every reader of it sees it: events, presses, forms, a window's memory, who signed in.
    static let slackPayload = FuzzTarget("slack-payload", words: slackWords) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        try checkMemory(text)
        if let control = Control(text) { try requireEqual(Control(control.value), control, "a control of another value") }
        _ = IDToken(text)
        _ = IDToken("e30." + Data(bytes).base64EncodedString() + ".x")?.person
        guard let payload = try? JSON.parse(bytes) else { return }
        let event = payload["event"] ?? payload
        if let message = IncomingMessage(event: event, botUserID: "U0BOT00001") {
            try require(!message.reply.ways.isEmpty && message.user != "U0BOT00001", "a message of nobody")
        }
        _ = WorkspaceNews(event: event, botUserID: "U0BOT00001")
        _ = (PayloadOrigin(event: payload), PayloadOrigin(interaction: payload))
        if let form = SentForm(payload, person: Person(id: "U1", name: "ann")) {
            for field in [ViewField.environment, .revision, .note] {
                try require(form[field]?.contains { !$0.isWhitespace } ?? true, "an empty answer")
                _ = form.block(for: field)
            }
            try checkMemory(form.memory.text)
        }
    }

    private static func checkMemory(_ text: String) throws {
        guard let memory = WindowMemory(text) else { return }
        _ = memory.reply(to: "U1")
        let again = memory.text
        guard again.utf16.count <= Limits.maxMetadataUnits else { return }
        try require(WindowMemory(again) != nil, "a window forgets: \(again)")
        try requireEqual(WindowMemory(again)?.place, memory.place, "a window's place is another")
        try requireEqual(WindowMemory(again)?.control, memory.control, "a window's control is another")
    }

    /// A form, beside the same told again from the specification.
    static let form = FuzzTarget(
        "form", maxInputBytes: 2_000, words: ["%20", "%2B", "%", "+", "&", "=", "a=b&", "command=%2Fiterapp", "text=", "%C3%A9", "%ff"]
    ) { bytes in
        var wanted: [(name: String, value: String)]? = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = plain(pair[..<equals]), let value = plain(pair[min(equals + 1, pair.endIndex)...]) else {
                wanted = nil
                break
            }
            wanted?.append((name, value))
        }
        let form = FormFields(bytes)
        guard let form else {
            try require(wanted == nil || (wanted?.count ?? 0) > 90, "refused: \(String(decoding: bytes, as: UTF8.self))")
            return
        }
        guard let wanted else { throw Complaint("taken: \(String(decoding: bytes, as: UTF8.self))") }
        for (name, _) in wanted {
            try requireEqual(form[name], wanted.first { $0.name == name }?.value, "the field \(name)")
        }
        _ = PayloadOrigin(form: form)
        if let text = form["text"] { try checkCommand(MessageText.tidied(text)) }
    }

    private static func plain(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard rest.count >= 2, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }), let value = UInt8(digits, radix: 16) else { return nil }
            result.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: result, as: UTF8.self)
    }
}
