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

    /// docs.slack.dev, "usergroups.users.list"; people who were deactivated are left out.
    func members(of group: String) async -> Result {
        let answer: JSON
        do throws(SlackCallError) {
            answer = try await api.call("usergroups.users.list", ["usergroup": .string(group)], isPost: false)
        } catch {
            return Self.result(error)
        }
        guard let users = answer["users"]?.array else {
            return .failed("Slack's answer lacks the users", afterSeconds: nil)
        }
        return .members(Set(users.compactMap(\.string)))
    }

    private static func result(_ error: SlackCallError) -> Result {
        switch error.messengerError {
        case .tryAgain(let seconds, let reason, _): .failed(reason, afterSeconds: seconds)
        case .refused(let reason) where reason.hasSuffix("no_such_subteam"):
            .gone("the workspace has no such group; correct the policy file")
        case .refused(let reason) where reason.hasSuffix("missing_scope"):
            .failed(
                "the Slack app lacks the scope usergroups:read; add it and install the app again", afterSeconds: nil)
        case .refused(let reason): .failed(reason, afterSeconds: nil)
        case .messageGone: .failed("Slack's answer makes no sense", afterSeconds: nil)
        }
    }
}
