/// What can go wrong between us and a NATS server. Reasons begin in lower case and hold nothing secret.
enum NATSError: Error, Sendable, Equatable {
    /// Nobody listens, or nobody answers in time: worth another try.
    case unreachable(String)
    /// The server does not take the credentials.
    case unauthorized
    /// The server is reached, but is not who it should be, or speaks in the clear where it must not.
    case untrusted(String)
    /// The server said so, in its own words; or it does not speak NATS.
    case failed(String)
    /// Nobody on the server listens for such questions.
    case noResponders
    /// The server takes our accounts, but none of their users: it trusts another operator.
    case otherOperator
    /// The user was issued before users were turned away.
    case revokedUser
    case cancelled
}
