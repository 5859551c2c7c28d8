import Deploys

/// Where requests come from, as Slack tells it.
struct Places: Sendable {
    /// The names of channels whose ids are known; nothing is asked of Slack for it.
    let nameOfChannel: @Sendable (_ id: String) -> String?

    /// - Parameters:
    ///   - id: `C…` or `G…` for a channel, `D…` for a direct message.
    ///   - name: as it came with the request. Slack hides those of private channels and direct messages behind words of
    ///     its own (docs.slack.dev, "Implementing slash commands"); events carry none.
    func place(id: String, name: String?) -> Place {
        if id.hasPrefix("D") { return .direct(id: id) }
        let hidden: Set = ["directmessage", "privategroup", ""]
        let told = name.flatMap { hidden.contains($0) ? nil : $0 }
        return .channel(id: id, name: told ?? nameOfChannel(id))
    }
}
