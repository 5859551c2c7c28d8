import Deploys
import JSON

/// Reads one user group of the workspace.
struct GroupReader: Sendable {
    enum Result: Sendable, Equatable {
        case members(Set<String>)
        /// There is no such group.
        case gone(String)
        case failed(String, afterSeconds: Double?)
    }

    let api: SlackWebAPI

    /// docs.slack.dev, "usergroups.users.list". Groups that were disabled are not asked for, so whoever was let in by
    /// one is not any more. Whether people who were deactivated are listed is not said there, and changes nothing:
    /// Slack sends no request of theirs.
    func members(of group: String) async -> Result {
        let answer: JSON
        do throws(SlackCallError) {
            answer = try await api.call("usergroups.users.list", ["usergroup": .string(group)])
        } catch {
            return Self.result(error)
        }
        guard let users = answer["users"]?.array else {
            return .failed("Slack's answer lacks the users", afterSeconds: nil)
        }
        return .members(Set(users.compactMap(\.string)))
    }

    private static func result(_ error: SlackCallError) -> Result {
        switch error {
        case .ratelimited(let seconds): .failed("\(error)", afterSeconds: seconds)
        case .refused("no_such_subteam", _): .gone("the workspace has no such group; correct the policy file")
        case .refused("missing_scope", _):
            .failed(
                "the Slack app lacks the scope usergroups:read; add it and install the app again", afterSeconds: nil)
        case .refused, .unreachable: .failed("\(error)", afterSeconds: nil)
        }
    }
}
