import JSON

/// What is said with the servers' system account
/// (https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/jwt/resolver).
/// For one thread, which may block.
struct NATSSystem {
    private let connection: NATSConnection
    private let limits: NATSLimits
    private let signer: NKey
    private let second: Int

    /// - Parameter second: now, in seconds since 1970.
    init(_ settings: NATSSettings, second: Int, _ interrupt: NATSInterrupt) throws(NATSError) {
        limits = settings.limits
        signer = settings.operator
        self.second = second
        connection = try NATSConnection.open(settings.terms, as: settings.system, name: "iterapp", interrupt)
    }

    private var deadline: ContinuousClock.Instant { .now + limits.answer }

    /// The public keys of all accounts that the server keeps.
    func accounts() throws(NATSError) -> Set<String> {
        // A server says nothing at all when it is asked for an account that it has not got.
        let answer = try Self.json(of: connection.request([], to: "$SYS.REQ.CLAIMS.LIST", deadline))
        guard let keys = answer["data"]?.array else { throw .failed("it does not list its accounts") }
        return Set(keys.compactMap(\.string))
    }

    /// Pushes the account when the server has not got it, lets users in who shall be turned away, or does not know who
    /// signs them.
    /// - Parameter listed: the accounts that it has.
    func ensure(
        _ account: DerivedAccount, revokedUntil: Int, listed: Set<String>
    ) throws(NATSError) -> Ensured {
        let found = listed.contains(account.key.publicText) ? try token(of: account) : nil
        if let found, DerivedAccount.revokedUntil(found) >= revokedUntil, account.isSigner(in: found) {
            return Ensured(token: found, push: .none)
        }
        return try push(account, over: found, revokedUntil: revokedUntil)
    }

    struct Ensured {
        enum Push {
            case none
            case missing
            case changed
        }

        let token: NATSToken
        let push: Push
    }

    /// - Throws: `.failed` with the server's words when it does not want it.
    func push(
        _ account: DerivedAccount, over found: NATSToken?, revokedUntil: Int
    ) throws(NATSError) -> Ensured {
        // What others signed is no content of ours; but nobody who was turned away is let in again.
        let own = found?.issuer == signer.publicText ? found : nil
        let token = account.token(
            over: own, revokedUntil: max(revokedUntil, found.map(DerivedAccount.revokedUntil) ?? 0), issuedAt: second,
            signedBy: signer)
        let answer = try Self.json(
            of: connection.request(Array(token.text.utf8), to: "$SYS.REQ.CLAIMS.UPDATE", deadline))
        guard answer.at("data", "code")?.int == 200 else {
            let reason = answer.at("error", "description")?.string ?? "it says nothing more"
            throw .failed("it does not take an account: \(reason)")
        }
        return Ensured(token: token, push: found == nil ? .missing : .changed)
    }

    /// - Returns: nil when the server has none that an operator signed.
    private func token(of account: DerivedAccount) throws(NATSError) -> NATSToken? {
        let subject = "$SYS.REQ.ACCOUNT.\(account.key.publicText).CLAIMS.LOOKUP"
        let answer = String(decoding: try connection.request([], to: subject, deadline), as: UTF8.self)
        guard let token = NATSToken(verifying: answer, issuedBy: .operator), token.subject == account.key.publicText
        else { return nil }
        return token
    }

    private static func json(of bytes: [UInt8]) throws(NATSError) -> JSON {
        guard let json = try? JSON.parse(bytes) else { throw .failed("its answer cannot be read") }
        return json
    }
}
