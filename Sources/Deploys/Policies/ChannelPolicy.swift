/// Where people are told, and where commands that change something are taken.
package struct ChannelPolicy: Sendable {
    package let logChannel: String
    /// `#name`, a channel's id, or `direct` for direct messages; the log channel needs no mention.
    package let commandChannels: [String]

    /// Stands for direct messages to the bot.
    package static let direct = "direct"

    package init(logChannel: String, commandChannels: [String]) {
        self.logChannel = logChannel
        self.commandChannels = commandChannels
    }

    func allows(_ place: Place) -> Bool {
        switch place {
        case .channel(let id, let name):
            ([logChannel] + commandChannels).contains { $0 == id || name != nil && $0 == "#\(name ?? "")" }
        case .direct: commandChannels.contains(Self.direct)
        case .home: true
        }
    }
}
