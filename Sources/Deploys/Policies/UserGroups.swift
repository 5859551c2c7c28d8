import Foundation

/// Who is in the workspace's user groups.
package protocol UserGroups: Sendable {
    /// The members' ids by the group's id. Waits a second at most; a group about which nothing is known by then is left
    /// out.
    func members(of groups: Set<String>) async -> [String: Set<String>]
    /// The same without waiting: of the groups that are known.
    func knownMembers(of groups: Set<String>) async -> [String: Set<String>]
}

/// A user group as the workspace described it.
package struct UserGroup: Hashable, Sendable {
    package let id: String
    /// Ids.
    package let members: Set<String>
    package let readAt: Date

    package init(id: String, members: Set<String>, readAt: Date) {
        self.id = id
        self.members = members
        self.readAt = readAt
    }
}

/// Keeps what was read of user groups over restarts.
package protocol UserGroupMemory: Sendable {
    func userGroups() async throws(JournalError) -> [UserGroup]
    func remember(_ group: UserGroup) async throws(JournalError)
}
