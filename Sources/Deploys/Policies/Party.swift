/// Whom a policy speaks of.
package enum Party: Hashable, Codable, Sendable {
    case anyone
    /// A team of the policy, by its name.
    case team(String)
    /// A member of the workspace, by id (`U…` or `W…`).
    case person(String)
    /// A user group of the workspace, by id (`S…`).
    case group(String)
}
