import JSON

/// What one person alone sees. Kept until the program ends, so that buttons in it can be pressed.
extension Workspace {
    /// Older ones are forgotten, as a reloaded client does.
    static let maxEphemerals = 1_000

    /// - Parameter replacing: its timestamp; the content takes the place of what was there.
    @discardableResult
    package func whisper(
        to user: String, in channel: String, text: String, blocks: [JSON] = [], thread: String? = nil,
        replacing old: String? = nil
    ) -> ChatEphemeral {
        let known = old.flatMap { timestamp in ephemerals.firstIndex { $0.timestamp == timestamp } }
        let ephemeral = ChatEphemeral(
            timestamp: known.map { ephemerals[$0].timestamp } ?? SlackTimestamp.text(nextMicroseconds()), user: user,
            channel: channel, threadTimestamp: thread, text: text, blocks: BlockIDs.filled(blocks))
        if let known { ephemerals[known] = ephemeral } else { ephemerals.append(ephemeral) }
        if ephemerals.count > Self.maxEphemerals { ephemerals.removeFirst() }
        announce(.ephemeral(ephemeral))
        return ephemeral
    }

    package func removeEphemeral(_ timestamp: String) {
        guard let index = ephemerals.firstIndex(where: { $0.timestamp == timestamp }) else { return }
        announce(.ephemeralDeleted(ephemerals.remove(at: index)))
    }

    package func ephemeral(_ timestamp: String) -> ChatEphemeral? {
        ephemerals.first { $0.timestamp == timestamp }
    }

    /// What somebody was told, oldest first.
    package func whispers(to user: String) -> [ChatEphemeral] { ephemerals.filter { $0.user == user } }
}
