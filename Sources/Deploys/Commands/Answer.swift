/// Who sent a command, and from where.
package struct Sender: Sendable {
    package let person: Person
    package let channelID: String
    /// Without the `#`.
    package let channelName: String
    package let pressedButton: Bool
    package let deduplicationKey: String?

    package init(
        person: Person, channelID: String, channelName: String, pressedButton: Bool,
        deduplicationKey: String?
    ) {
        self.person = person
        self.channelID = channelID
        self.channelName = channelName
        self.pressedButton = pressedButton
        self.deduplicationKey = deduplicationKey
    }
}

/// Where people are told, and where commands that change something are taken.
package struct ChannelPolicy: Sendable {
    package let logChannel: String
    /// `#name` or a channel's id; the log channel needs no mention.
    package let commandChannels: [String]

    package init(logChannel: String, commandChannels: [String]) {
        self.logChannel = logChannel
        self.commandChannels = commandChannels
    }

    func allows(_ sender: Sender) -> Bool {
        ([logChannel] + commandChannels).contains { $0 == sender.channelID || $0 == "#\(sender.channelName)" }
    }
}

/// What the sender of a command reads, alone. The text knows `code` and *bold*.
package struct Answer: Sendable, Equatable {
    package enum Outcome: Sendable {
        case accepted, information, refused
        /// Nothing was written down; trying again helps.
        case unavailable
    }

    package let outcome: Outcome
    package let text: String

    package init(_ outcome: Outcome, _ text: String) {
        self.outcome = outcome
        self.text = text
    }
}

/// Why a command was not taken.
enum Refusal: Error {
    case mistake(CommandMistake)
    case wrongChannel(String)
    case notRegistered(String, nearest: String?)
    case notPossible(String, Verb)
    case journal(JournalError)

    var answer: Answer {
        switch self {
        case .mistake(let mistake):
            let usage = mistake.verb.map { "Usage: `\($0.usage)`" } ?? CommandHelp.usages
            return Answer(.refused, "\(mistake.sentence)\n\(usage)")
        case .wrongChannel(let channel):
            return Answer(.refused, "Commands that change something are taken in \(channel). Please repeat it there.")
        case .notRegistered(let label, let nearest?):
            return Answer(
                .refused, "`\(label)` is not registered. Did you mean `\(nearest)`? Or register it with "
                    + "`/iterapp register \(label)`.")
        case .notRegistered(let label, nil):
            return Answer(.refused, "`\(label)` is not registered. Register it with `/iterapp register \(label)`.")
        case .notPossible(let sentence, let verb):
            return Answer(.refused, "\(sentence)\nUsage: `\(verb.usage)`")
        case .journal(.diskFull):
            return Answer(
                .unavailable, "The disk of the Iterapp service is full, so nothing was written down. "
                    + "Please tell its operator, and try again later.")
        case .journal(.unavailable):
            return Answer(
                .unavailable, "Iterapp can't write this down just now, so nothing will happen. Try again in a minute.")
        }
    }
}
