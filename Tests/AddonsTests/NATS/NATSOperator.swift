import Crypto
import Foundation
import XCTest

@testable import Addons

/// What whoever runs NATS servers has: keys, and what the servers are told of them.
struct NATSOperator {
    /// Signs accounts.
    let key: NKey
    /// Of the system account.
    let systemUser: NATSCredentials
    /// The part of the servers' configuration; accounts are kept in the folder `jwt` of where a server is started.
    let resolver: String

    static func make() throws -> NATSOperator {
        let key = try XCTUnwrap(NKey(.operator, seed: randomBytes(32)))
        let account = try XCTUnwrap(NKey(.account, seed: randomBytes(32)))
        let own = NATSToken(
            ["type": "operator", "system_account": .string(account.publicText)], about: key.publicText,
            name: "test", issuedAt: 1_000, signedBy: key)
        let system = NATSToken(
            ["type": "account", "limits": ["subs": -1, "data": -1, "payload": -1, "conn": -1, "leaf": -1]],
            about: account.publicText, name: "SYS", issuedAt: 1_000, signedBy: key)
        return NATSOperator(
            key: key, systemUser: try user(of: account),
            resolver: """
                operator: \(own.text)
                system_account: \(account.publicText)
                resolver { type: full, dir: "./jwt" }
                resolver_preload { \(account.publicText): \(system.text) }

                """)
    }

    static func user(of account: NKey) throws -> NATSCredentials {
        try XCTUnwrap(NATSCredentials.make(signedBy: account, name: "test", issuedAt: 1_000, seed: randomBytes(32)))
    }

    /// One whose files were made by the library that NATS's own tool `nsc` makes them with, by the same calls
    /// (https://github.com/nats-io/jwt, version 2).
    /// - Parameter key: the file with the seed that accounts are signed with.
    static func recorded(_ name: String, key: String = "operator.nk") throws -> NATSOperator {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/operators/\(name)")
        func text(_ file: String) throws -> String { try String(contentsOf: folder.appending(path: file), encoding: .utf8) }
        return NATSOperator(
            key: try XCTUnwrap(NKey(seedText: try text(key))),
            systemUser: try XCTUnwrap(NATSCredentials(text: try text("system.creds"))), resolver: try text("resolver.conf"))
    }
}
