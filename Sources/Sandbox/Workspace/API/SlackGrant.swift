import Synchronization

/// What the workspace let the app do when it was installed, and whether that still holds.
package final class SlackGrant: Sendable {
    private struct State {
        var token: String
        var scopes: Set<String>
        var ending: String?
    }

    /// All that the stand-in's methods and events ask for.
    package static let allScopes: Set<String> = [
        "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:write",
        "groups:history", "groups:read", "im:history", "im:read", "im:write", "usergroups:read", "users:read",
    ]

    private let state: Mutex<State>

    package init(token: String, scopes: Set<String> = SlackGrant.allScopes) {
        state = Mutex(State(token: token, scopes: scopes))
    }

    package var scopes: Set<String> {
        get { state.withLock { $0.scopes } }
        set { state.withLock { $0.scopes = newValue } }
    }

    /// From now on the token is refused: `token_revoked`, `token_expired`, `account_inactive`, …; nil ends that.
    package func end(with error: String?) { state.withLock { $0.ending = error } }

    /// - Parameter token: as sent; nil when there was none.
    func check(_ token: String?) throws(SlackRefusal) {
        guard let token, !token.isEmpty else { throw SlackRefusal("not_authed") }
        let (known, ending) = state.withLock { ($0.token, $0.ending) }
        guard token == known else { throw SlackRefusal("invalid_auth") }
        if let ending { throw SlackRefusal(ending) }
    }

    func require(_ scope: String) throws(SlackRefusal) {
        let granted = scopes
        guard !granted.contains(scope) else { return }
        throw SlackRefusal("missing_scope", [
            "needed": .string(scope), "provided": .string(granted.sorted().joined(separator: ",")),
        ])
    }
}
