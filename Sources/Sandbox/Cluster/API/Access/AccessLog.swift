import Synchronization

/// Which rights the users of the API have made use of. What can be in it is bounded by the kinds and the
/// verbs that there are.
final class AccessLog: Sendable {
    private let used = Mutex<[String: Set<APIPermission>]>([:])

    func note(_ permission: APIPermission, by user: APIUser) {
        used.withLock { _ = $0[user.name, default: []].insert(permission) }
    }

    func permissions(of user: String) -> Set<APIPermission> { used.withLock { $0[user] ?? [] } }

    func forget() { used.withLock { $0 = [:] } }
}

/// The user behind a write, for rules that ask what that user may do.
struct Caller: Sendable {
    let user: APIUser
    let log: AccessLog
}
