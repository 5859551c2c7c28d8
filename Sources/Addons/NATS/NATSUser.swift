import Deploys

/// The one user of an account, as the Secret holds it.
struct NATSUser: Sendable {
    /// Of the Secret, besides the files'.
    enum Key {
        static let credentials = "NATS_CREDENTIALS"
        static let url = "NATS_URL"
        /// In seconds since 1970. The server knows it, too, but may lose everything.
        static let revokedUntil = "users-revoked-until"
    }

    let credentials: NATSCredentials
    /// Users issued in this second or before are turned away; 0 for none.
    let revokedUntil: Int

    /// - Returns: nil when there is none, or it is of an account of another operator's.
    init?(in secret: [String: String], of account: DerivedAccount) {
        guard let found = secret[AddOn.natsCredentialsFile].flatMap({ NATSCredentials(text: $0) }),
            found.token.issuer == account.key.publicText
        else { return nil }
        credentials = found
        revokedUntil = secret[Key.revokedUntil].flatMap { Int($0) } ?? 0
    }

    /// Tries it.
    func isLetIn(_ settings: NATSSettings, _ interrupt: NATSInterrupt) throws(NATSError) -> Bool {
        do throws(NATSError) {
            _ = try NATSConnection.open(settings.terms, as: credentials, name: "iterapp looks", interrupt)
            return true
        } catch .unauthorized {
            return false
        } catch .failed {
            // As when as many are connected already as the operator allows.
            return true
        }
    }
}
