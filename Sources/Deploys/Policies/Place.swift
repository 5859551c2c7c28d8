/// Where a request of somebody in the workspace comes from.
package enum Place: Hashable, Codable, Sendable {
    /// - `name`: without the `#`; nil when the workspace did not tell it.
    case channel(id: String, name: String?)
    /// A direct message to the bot.
    case direct(id: String)
    /// The bot's own tab, which has no channel.
    case home
}
