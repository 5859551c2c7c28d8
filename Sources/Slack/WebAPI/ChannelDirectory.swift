import Deploys
import JSON

/// Channel ids by name: reading a channel and adding files to it take its id, and an id outlives its name. What was
/// found out once is kept in the book.
actor ChannelDirectory {
    private let api: SlackWebAPI
    private let book: (any ChannelBook)?
    private var known: [String: String] = [:]

    static let maxPages = 50
    static let channelsPerPage = 200
    /// Names kept in memory: those of the settings.
    static let maxKnownNames = 1_000

    init(api: SlackWebAPI, book: (any ChannelBook)?) {
        self.api = api
        self.book = book
    }

    /// The id if somebody found it out before; what is no name is an id itself.
    func knownID(of name: String) async -> String? {
        guard name.hasPrefix("#") else { return name }
        if let id = known[name] { return id }
        guard let id = try? await book?.channelID(of: name) else { return nil }
        note(name, id)
        return id
    }

    func remember(_ name: String, id: String) async {
        guard name.hasPrefix("#"), await knownID(of: name) != id else { return }
        note(name, id)
        // Written again at the next message, should the disk be full.
        do { try await book?.remember(name, is: id) } catch { known[name] = nil }
    }

    /// A name that means another channel now (somebody renamed one) is none of ours.
    func forget(_ name: String) { known[name] = nil }

    func id(of name: String) async throws(MessengerError) -> String {
        if let id = await knownID(of: name) { return id }
        guard let id = try await lookUp(name) else {
            throw .refused(.channel, reason: "the workspace has no channel \(name) that the bot can see")
        }
        await remember(name, id: id)
        return id
    }

    /// Asks the workspace which channel has that name now.
    func lookUp(_ name: String) async throws(MessengerError) -> String? {
        do throws(SlackCallError) {
            do throws(SlackCallError) {
                return try await lookUp(name, types: "public_channel,private_channel")
            } catch .refused("missing_scope", _) {
                return try await lookUp(name, types: "public_channel")
            }
        } catch {
            throw MessengerError("conversations.list", error, isPost: false)
        }
    }

    private func lookUp(_ name: String, types: String) async throws(SlackCallError) -> String? {
        var cursor = ""
        for _ in 0..<Self.maxPages {
            let answer = try await api.call("conversations.list", [
                "exclude_archived": true, "limit": .int(Self.channelsPerPage), "types": .string(types),
                "cursor": .string(cursor),
            ])
            for channel in answer["channels"]?.array ?? [] where channel["name"]?.string.map({ "#" + $0 }) == name {
                if let id = channel["id"]?.string { return id }
            }
            cursor = answer.at("response_metadata", "next_cursor")?.string ?? ""
            if cursor.isEmpty { break }
        }
        return nil
    }

    private func note(_ name: String, _ id: String) {
        if known.count >= Self.maxKnownNames { known = [:] }
        known[name] = id
    }
}
