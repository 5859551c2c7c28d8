import Deploys

/// A slash command as Slack sends it (docs.slack.dev, "Implementing slash commands").
struct SentCommand: Sendable {
    let person: Person
    let channel: String
    let channelName: String?
    let text: String
    /// The same when the same command is sent again; nil when Slack does not name it.
    let trigger: String?
    private let responseURL: String?

    /// Nil when something is missing that Slack always sends.
    init?(_ form: FormFields) {
        guard form["command"] != nil, let user = form["user_id"], let channel = form["channel_id"] else { return nil }
        person = Person(id: user, name: form["user_name"] ?? user)
        self.channel = channel
        channelName = form["channel_name"]
        text = MessageText.tidied(form["text"] ?? "")
        trigger = form["trigger_id"]
        responseURL = form["response_url"]
    }

    /// - Parameter id: names the request when Slack does not.
    func sender(in place: Place, id: String) -> Sender {
        Sender(person: person, place: place, deduplicationKey: "command:\(trigger ?? id)")
    }

    /// For an answer that comes after Slack has had its own.
    func reply(parts: SlackParts) -> Reply {
        var ways = responseURL.map { [Reply.Way.responseURL($0, since: parts.now())] } ?? []
        ways += [.ephemeral(channel: channel, thread: nil), .message(channel: person.id, thread: nil)]
        return Reply(person: person.id, ways: ways)
    }
}
