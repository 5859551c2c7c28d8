/// Which channel a name of the settings means: found out once and kept on disk, so that a channel that is
/// renamed stays the one it was.
package protocol ChannelBook: Sendable {
    /// - Parameter name: `#iterapp-logs`.
    /// - Returns: the channel's id; nil when nobody found it out yet.
    func channelID(of name: String) async throws(JournalError) -> String?
    /// The same from memory, without waiting.
    func knownChannelID(of name: String) -> String?
    /// The names that lead to a channel, in the settings or in the workspace, now or before.
    func names(ofChannel id: String) async throws(JournalError) -> [String]
    /// From now on the name means this channel.
    func remember(_ name: String, is id: String) async throws(JournalError)
}
