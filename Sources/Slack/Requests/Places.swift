import Deploys

/// Where requests come from, in the words of the settings.
struct Places: Sendable {
    /// Which channel a name of the settings means: names can be given to another channel, ids can't.
    let book: any ChannelBook
    /// `#iterapp-logs`
    let settingsNames: Set<String>

    init(book: any ChannelBook, channels: ChannelPolicy) {
        self.book = book
        settingsNames = Set(([channels.logChannel] + channels.commandChannels).filter { $0.hasPrefix("#") })
    }

    /// - Parameters:
    ///   - id: `C…` or `G…` for a channel, `D…` for a direct message.
    ///   - name: as it came with the request. Slack hides those of private channels and direct messages behind words of
    ///     its own (docs.slack.dev, "Implementing slash commands"); events carry none.
    func place(id: String, name: String?) async -> Place {
        if id.hasPrefix("D") { return .direct(id: id) }
        let hidden: Set = ["directmessage", "privategroup", ""]
        let told = name.flatMap { hidden.contains($0) ? nil : $0 }
        return .channel(id: id, name: await settledName(of: id, told: told))
    }

    /// The same for a place that needs no looking up; nil for another one.
    func placeAtOnce(id: String, name: String?) -> Place? {
        if id.hasPrefix("D") { return .direct(id: id) }
        guard let name, settingsNames.contains("#\(name)") else { return nil }
        let meant = book.knownChannelID(of: "#\(name)")
        return .channel(id: id, name: meant == nil || meant == id ? name : nil)
    }

    /// The name that the settings know the channel by, if they do: also after it was renamed. Another channel that has
    /// taken over such a name is not the one that was meant.
    private func settledName(of id: String, told: String?) async -> String? {
        if let told, settingsNames.contains("#\(told)") {
            let meant = try? await book.channelID(of: "#\(told)")
            return meant == nil || meant == id ? told : nil
        }
        let known = (try? await book.names(ofChannel: id)) ?? []
        let name = known.first { settingsNames.contains($0) }
        return name.map { String($0.dropFirst()) } ?? told ?? known.first.map { String($0.dropFirst()) }
    }
}
