import JSON

/// docs.slack.dev, "conversations.list", "conversations.info", "conversations.open".
extension SlackStandIn {
    static let maxListed = 1_000
    static let defaultListed = 100

    func listChannels(_ arguments: SlackArguments) async throws -> JSON {
        let given = try arguments.string("types") ?? ""
        let types = (given.isEmpty ? "public_channel" : given).split(separator: ",").map {
            $0.trimmingPrefix { $0 == " " }
        }
        var kinds: [ChatChannel.Kind] = []
        for type in types {
            switch type {
            case "public_channel": kinds.append(.open)
            case "private_channel": kinds.append(.closed)
            case "im": kinds.append(.direct)
            // Nobody here talks in threes.
            case "mpim": try grant.require("mpim:read")
            default: throw SlackRefusal("invalid_types")
            }
        }
        for kind in kinds { try grant.require(Self.scope("read", kind)) }
        let withoutArchived = try arguments.flag("exclude_archived") ?? false
        let limit = try limit(arguments, most: Self.maxListed)
        let cursor = try SlackCursor.read(arguments, kind: "team")
        let seen = try await workspace.channels().filter { channel in
            kinds.contains(channel.kind) && (channel.kind == .open || channel.hasBot)
                && !(withoutArchived && channel.isArchived) && cursor.map { channel.id >= $0 } ?? true
        }
        let next = seen.count > limit ? SlackCursor("team", seen[limit].id).text : ""
        return [
            "channels": .array(seen.prefix(limit).map(\.json)), "response_metadata": ["next_cursor": .string(next)],
        ]
    }

    func channelInfo(_ arguments: SlackArguments) async throws -> JSON {
        let channel = try await place(try arguments.required("channel"))
        try grant.require(Self.scope("read", channel.kind))
        var json = channel.json
        if try arguments.flag("include_num_members") != true { json["num_members"] = nil }
        return ["channel": json]
    }

    func openChannel(_ arguments: SlackArguments) async throws -> JSON {
        let users = (try arguments.string("users") ?? "").split(separator: ",").map(String.init)
        let id: String
        if let known = try arguments.string("channel"), !known.isEmpty {
            guard try await place(known).kind == .direct else {
                throw SlackRefusal("method_not_supported_for_channel_type")
            }
            id = known
        } else {
            guard let user = users.first else { throw SlackRefusal("users_list_not_supplied") }
            if users.count > 1 { try grant.require("mpim:write") }
            guard let member = try await workspace.member(user), !member.isBot else {
                throw SlackRefusal("user_not_found")
            }
            if member.isDeactivated { throw SlackRefusal("user_disabled") }
            id = Workspace.directID(of: user)
        }
        let channel = try await place(id)
        let isWhole = try arguments.flag("return_im") ?? false
        return ["no_op": true, "already_open": true, "channel": isWhole ? channel.json : ["id": .string(id)]]
    }

    func limit(_ arguments: SlackArguments, most: Int) throws -> Int {
        guard let limit = try arguments.integer("limit") else { return Self.defaultListed }
        guard limit >= 0 else { throw SlackRefusal("invalid_limit") }
        return limit == 0 ? Self.defaultListed : min(limit, most)
    }
}
