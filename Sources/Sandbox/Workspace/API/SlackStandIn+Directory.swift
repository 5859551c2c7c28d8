import JSON

/// docs.slack.dev, "users.info", "usergroups.list", "usergroups.users.list".
extension SlackStandIn {
    func userInfo(_ arguments: SlackArguments) async throws -> JSON {
        guard let member = try await workspace.member(try arguments.required("user")) else {
            throw SlackRefusal("user_not_found")
        }
        return ["user": member.json]
    }

    func listGroups(_ arguments: SlackArguments) async throws -> JSON {
        let withDisabled = try arguments.flag("include_disabled") ?? false
        let withUsers = try arguments.flag("include_users") ?? false
        let withCount = try arguments.flag("include_count") ?? false
        let groups = try await workspace.groups().filter { withDisabled || !$0.isDisabled }
        return [
            "usergroups": .array(groups.map { $0.json(includingUsers: withUsers, includingCount: withCount) })
        ]
    }

    func listGroupMembers(_ arguments: SlackArguments) async throws -> JSON {
        let id = try arguments.required("usergroup")
        let withDisabled = try arguments.flag("include_disabled") ?? false
        guard let group = try await workspace.groups().first(where: { $0.id == id }), withDisabled || !group.isDisabled
        else { throw SlackRefusal("no_such_subteam") }
        return ["users": .array(group.members.map(JSON.string))]
    }
}
