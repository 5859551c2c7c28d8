import Deploys
import Foundation
import JSON

/// What a user shows to a server: a token, and a key that answers the server's question. Secret.
package struct NATSCredentials: Sendable {
    package let token: NATSToken
    package let key: NKey

    /// - Returns: nil when the key is not that of the token's user.
    init?(_ token: NATSToken, _ key: NKey) {
        guard key.kind == .user, key.publicText == token.subject else { return nil }
        self.token = token
        self.key = key
    }

    /// A new user of an account, who may do everything in it.
    /// - Parameters:
    ///   - signer: the account's own key, or one of its signing keys.
    ///   - account: the account's public key; nil when it signs by itself.
    ///   - name: for people who look at the server's connections.
    ///   - issuedAt: in seconds since 1970.
    static func make(
        signedBy signer: NKey, for account: String? = nil, name: String, issuedAt: Int, seed: [UInt8]
    ) -> NATSCredentials? {
        guard let key = NKey(.user, seed: seed) else { return nil }
        let noLimit = -1
        var content: JSON = [
            "type": "user", "pub": [:], "sub": [:], "subs": .int(noLimit), "data": .int(noLimit),
            "payload": .int(noLimit),
        ]
        if let account { content["issuer_account"] = .string(account) }
        let token = NATSToken(content, about: key.publicText, name: name, issuedAt: issuedAt, signedBy: signer)
        return NATSCredentials(token, key)
    }

    // MARK: The file

    private static let tokenTitle = "NATS USER JWT"
    private static let seedTitle = "USER NKEY SEED"

    /// As a `.creds` file: the fence of an end has one dash more than that of a beginning.
    package var text: String {
        func block(_ title: String, _ content: String) -> String {
            "-----BEGIN \(title)-----\n\(content)\n------END \(title)------\n"
        }
        return block(Self.tokenTitle, token.text) + "\nKeep what follows secret: it proves who the user is.\n\n"
            + block(Self.seedTitle, key.seedText)
    }

    /// - Returns: nil when it is no `.creds` file, or its parts do not belong together.
    package init?(text: String) {
        guard let tokenText = Self.content(of: Self.tokenTitle, in: text),
            let seedText = Self.content(of: Self.seedTitle, in: text),
            let token = NATSToken(verifying: tokenText, issuedBy: .account), let key = NKey(seedText: seedText)
        else { return nil }
        self.init(token, key)
    }

    /// The line after a beginning.
    private static func content(of title: String, in text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        guard let begin = lines.firstIndex(where: { $0.hasPrefix("---") && $0.contains("BEGIN \(title)") }),
            lines.indices.contains(begin + 1)
        else { return nil }
        return lines[begin + 1]
    }
}
