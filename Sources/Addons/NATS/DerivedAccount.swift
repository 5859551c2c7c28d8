import Crypto
import Deploys
import JSON

/// The account of one add-on: what its users send and hear stays within it.
struct DerivedAccount: Sendable {
    let key: NKey
    /// Signs its users: servers whose operator asks for signing keys take none that the account's own key signed.
    let signer: NKey
    /// For people who look at the server's accounts: `iterate/cats prod: cats-nats`.
    let name: String

    /// Its keys follow from the operator's and from where it belongs, so that they are the same for ever, also when the
    /// Secret of its users is lost (HKDF, RFC 5869, without a salt; one block is as long as a seed).
    /// - Parameter installation: ours, so that another one with the same operator has an account of its own for an app
    ///   of the same name.
    init(of place: AddOnPlace, operator: NKey, installation: String) {
        let owner = [place.app.key, place.environment.rawValue, place.addOn.name]
        let extracted = HMACKey([UInt8](repeating: 0, count: 32)).authenticate(`operator`.key.seed)
        func derived(_ use: String) -> NKey {
            let purpose = (["iterapp", use, "2", installation] + owner).joined(separator: "\0")
            let seed = HMACKey(extracted).authenticate(Array(purpose.utf8), [1])
            guard let key = NKey(.account, seed: seed) else { preconditionFailure("a digest has another length") }
            return key
        }
        key = derived("nats account")
        signer = derived("nats account signer")
        name = "\(owner[0]) \(owner[1]): \(owner[2])"
    }

    // MARK: Tokens

    /// Whose users issued up to this second are turned away, in the list that names users one by one.
    private static let everybody = "*"

    /// - Parameters:
    ///   - found: what the server has; what an operator set there by hand, as limits, stays.
    ///   - revokedUntil: users issued in this second or before are turned away; 0 for none.
    func token(over found: NATSToken?, revokedUntil: Int, issuedAt: Int, signedBy signer: NKey) -> NATSToken {
        var content = found?.claims["nats"] ?? Self.content
        let signers = content["signing_keys"]?.array ?? []
        if !signers.contains(ownSigner) { content["signing_keys"] = .array(signers + [ownSigner]) }
        if revokedUntil > 0 {
            if content["revocations"]?.object == nil { content["revocations"] = [:] }
            content["revocations"]?[Self.everybody] = .int(revokedUntil)
        }
        return NATSToken(content, about: key.publicText, name: name, issuedAt: issuedAt, signedBy: signer)
    }

    /// Without JetStream, which an operator can give by hand.
    private static var content: JSON {
        let noLimit: JSON = -1
        return [
            "type": "account",
            "limits": [
                "subs": noLimit, "data": noLimit, "payload": noLimit, "imports": noLimit, "exports": noLimit,
                "wildcards": true, "conn": noLimit, "leaf": noLimit,
            ],
            "default_permissions": ["pub": [:], "sub": [:]],
        ]
    }

    private var ownSigner: JSON { .string(signer.publicText) }

    /// Whether the account is known by a token as one whose users are ours.
    func isSigner(in token: NATSToken) -> Bool {
        token.claims.at("nats", "signing_keys")?.array?.contains(ownSigner) == true
    }

    /// - Returns: 0 when nobody is turned away.
    static func revokedUntil(_ token: NATSToken) -> Int {
        token.claims.at("nats", "revocations", everybody)?.int ?? 0
    }
}
