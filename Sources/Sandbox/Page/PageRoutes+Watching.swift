import HTTP
import JSON

/// What the page is told: everything when it opens, and what happens from then on.
extension PageRoutes {
    static let heartbeat = Duration.seconds(15)

    /// - Parameter channel: its id; `all` means every one; the log channel when nil.
    /// - Returns: the newest messages, oldest first.
    func messages(_ channel: String?) async throws -> JSON {
        guard channel == "all" else {
            return .array(try await workspace.shown(in: channel ?? Workspace.channelID).map(\.json))
        }
        var all: [ChatMessage] = []
        for place in try await workspace.channels() { all += try await workspace.shown(in: place.id) }
        return .array(all.sorted { $0.timestamp < $1.timestamp }.map(\.json))
    }

    /// Who and what is there: `bot`, `members`, `groups`, `places`, and the `modals` that members have open.
    func workspaceJSON() async throws -> JSON {
        let members = try await workspace.members().filter { !$0.isDeactivated && !$0.isBot }
        var modals: [JSON] = []
        for member in members {
            if let view = await workspace.modal(of: member.id) { modals.append(json(view)) }
        }
        let places = try await workspace.channels().filter { !$0.isArchived }
        return [
            "bot": ["id": .string(Workspace.botID), "name": "iterapp", "title": "Iterapp", "is_bot": true],
            // Whoever sits in front of the page comes first, and what it opens with.
            "members": .array((members.filter { $0.id == Workspace.memberID }
                + members.filter { $0.id != Workspace.memberID })
                .map { ["id": .string($0.id), "name": .string($0.name)] }),
            "groups": .array(try await workspace.groups().map { ["id": .string($0.id), "handle": .string($0.handle)] }),
            "places": .array((places.filter { $0.id == Workspace.channelID }
                + places.filter { $0.id != Workspace.channelID }).map(json)),
            "modals": .array(modals),
        ]
    }

    private func json(_ channel: ChatChannel) -> JSON {
        [
            "id": .string(channel.id), "name": .string(channel.name), "is_private": .bool(channel.kind == .closed),
            "kind": channel.kind == .direct ? "direct" : "channel", "members": .array(channel.members.map(JSON.string)),
        ]
    }

    private func json(_ view: ChatView) -> JSON {
        var json = view.json
        json["user"] = .string(view.user)
        return json
    }

    /// Server-sent events (WHATWG HTML, section 9.2). One without a name is a message that is new or changed.
    func events() async -> HTTPResponse {
        let changes = await workspace.changes()
        let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let pump = Task {
            for await event in changes {
                guard let (name, data) = try await described(event) else { continue }
                let head = name.map { "event: \($0)\n" } ?? ""
                continuation.yield(Array("\(head)data: \(data.text)\n\n".utf8))
            }
        }
        let beat = Task {
            while !Task.isCancelled {
                continuation.yield(Array(": still here\n\n".utf8))
                try await Task.sleep(for: Self.heartbeat)
            }
        }
        continuation.onTermination = { _ in
            pump.cancel()
            beat.cancel()
        }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .stream(stream))
    }

    private func described(_ event: Workspace.Event) async throws -> (name: String?, data: JSON)? {
        switch event {
        case .message(let message): (nil, message.json)
        case .deleted(let channel, let timestamp):
            ("deleted", ["channel": .string(channel), "ts": .string(timestamp)])
        case .ephemeral(let ephemeral): ("ephemeral", json(ephemeral))
        case .ephemeralDeleted(let ephemeral):
            ("deleted", ["channel": .string(ephemeral.channel), "ts": .string(ephemeral.timestamp)])
        case .modal(let user, let view): ("modal", ["user": .string(user), "view": view.map(json) ?? .null])
        // They are the answer to whoever submitted the modal.
        case .modalErrors: nil
        case .home(let user, let view): ("home", ["user": .string(user), "view": json(view)])
        case .channel: ("workspace", try await workspaceJSON())
        }
    }

    /// As a message that only one member sees.
    private func json(_ ephemeral: ChatEphemeral) -> JSON {
        var json = ephemeral.json
        json["only"] = .string(ephemeral.user)
        json["user"] = .string(Workspace.botID)
        return json
    }
}
