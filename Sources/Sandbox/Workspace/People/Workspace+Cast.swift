/// Who and what is in a new workspace. Tests and the page rely on these ids.
extension Workspace {
    package static let teamID = "T0ITERAPP1"
    package static let teamDomain = "demo"
    package static let teamName = "Demo"
    package static let appID = "A0ITERAPP1"
    /// The bot as a user: whom mentions and messages name.
    package static let botID = "U0ITERAPP1"
    /// The bot as a bot: `bot_id` of its messages.
    package static let botProfileID = "B0ITERAPP1"

    /// Where the bot tells what it does.
    package static let channelID = "C0ITERAPP1"
    package static let channelName = "iterapp-logs"
    /// The bot is in it.
    package static let generalID = "C0GENERAL1"
    /// Public; the bot is not in it.
    package static let randomID = "C0RANDOM01"
    /// Private; the bot is not in it, and so can't see it.
    package static let privateID = "C0PRIVATE1"

    /// Whoever sits in front of the page.
    package static let memberID = "U0YOU00001"
    package static let memberName = "you"
    package static let annID = "U0ANN00001"
    package static let bobID = "U0BOB00001"
    /// `@cats`: you and ann.
    package static let catsGroupID = "S0CATS0001"
    /// `@ops`: bob.
    package static let opsGroupID = "S0OPS00001"

    /// The direct channel of the bot and one person.
    package static func directID(of member: String) -> String { "D" + member.dropFirst() }

    static let firstMembers = [
        ChatMember(id: memberID, name: memberName, realName: "You"),
        ChatMember(id: annID, name: "ann", realName: "Ann Arbor"),
        ChatMember(id: bobID, name: "bob", realName: "Bob Burg"),
        ChatMember(id: botID, name: "iterapp", realName: "Iterapp", isBot: true),
    ]

    static let firstGroups = [
        ChatGroup(id: catsGroupID, handle: "cats", name: "Cats team", members: [memberID, annID]),
        ChatGroup(id: opsGroupID, handle: "ops", name: "Operations", members: [bobID]),
    ]

    static func firstChannels(created: Int) -> [ChatChannel] {
        let people = [memberID, annID, bobID]
        let all = people + [botID]
        return [
            ChatChannel(id: channelID, name: channelName, kind: .open, members: all, created: created),
            ChatChannel(id: generalID, name: "general", kind: .open, members: all, created: created),
            ChatChannel(id: randomID, name: "random", kind: .open, members: people, created: created),
            ChatChannel(id: privateID, name: "plans", kind: .closed, members: [memberID, annID], created: created),
        ] + people.map { person in
            ChatChannel(id: directID(of: person), name: "", kind: .direct, members: [person, botID], created: created)
        }
    }
}
