import Deploys

/// The one user of an account, as the Secret holds it.
struct NATSUser: Sendable {
    /// Of the Secret, besides the files'.
    enum Key {
        static let credentials = "NATS_CREDENTIALS"
        static let url = "NATS_URL"
        /// Until when users that were issued before this one are let in, in seconds since 1970; without it, for ever.
        /// The server is told, too, but may lose everything.
        static let olderUntil = "older-users-until"
    }

    let credentials: NATSCredentials
    let olderUntil: Int?

    /// - Returns: nil when there is none, or it is of an account of another operator's.
    init?(in secret: [String: String], of account: DerivedAccount) {
        guard let found = secret[AddOn.natsCredentialsFile].flatMap({ NATSCredentials(text: $0) }),
            found.token.issuer == account.signer.publicText
        else { return nil }
        credentials = found
        olderUntil = secret[Key.olderUntil].flatMap { Int($0) }
    }

    /// - Parameter second: now, in seconds since 1970.
    /// - Returns: users issued in this second or before are turned away; 0 for none.
    func revokedUntil(at second: Int) -> Int {
        guard let olderUntil, olderUntil <= second else { return 0 }
        return credentials.token.issuedAt - 1
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
