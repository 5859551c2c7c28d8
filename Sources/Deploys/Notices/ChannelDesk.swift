/// Takes what the workspace tells about its channels and about the bot, so that nothing waits longer than it must
/// and a new name loses nothing.
package struct ChannelDesk: Sendable {
    let outbox: any Outbox & ChannelBook
    let signals: Signals

    package init(outbox: any Outbox & ChannelBook, signals: Signals) {
        self.outbox = outbox
        self.signals = signals
    }

    /// - Parameter name: without the `#`.
    package func renamed(id: String, to name: String) async throws(JournalError) {
        guard try await !outbox.names(ofChannel: id).isEmpty else { return }
        // A name that leads to a channel, perhaps in the settings, goes on leading there.
        guard try await outbox.channelID(of: "#" + name) == nil else { return }
        try await outbox.remember("#" + name, is: id)
    }

    /// Nothing is sent there until it is mended.
    package func archived(id: String) async throws(JournalError) {
        for name in try await allNames(id) { try await outbox.refuse(channel: name, reason: "is_archived") }
    }

    /// The bot was taken out of it.
    package func left(id: String) async throws(JournalError) {
        for name in try await allNames(id) { try await outbox.refuse(channel: name, reason: "not_in_channel") }
    }

    package func unarchived(id: String) async throws(JournalError) { try await mended(channel: id) }

    /// The bot was invited, or may post again: what waits for it goes out at once.
    package func mended(channel id: String) async throws(JournalError) {
        for name in try await allNames(id) { try await outbox.mend(channel: name) }
        signals.notices.fire()
    }

    /// Somebody put right what kept everything from being sent: the token, or what it may do.
    package func mended() async throws(JournalError) {
        try await outbox.retryRefused()
        signals.notices.fire()
    }

    private func allNames(_ id: String) async throws(JournalError) -> [String] {
        [id] + (try await outbox.names(ofChannel: id))
    }
}
