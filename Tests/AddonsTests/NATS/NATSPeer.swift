import Crypto
import Foundation
import TestSupport
import XCTest

@testable import Addons

/// An app that is connected with what its Secret holds. Its calls block, so each goes on a thread of its own; a test makes
/// one at a time.
// Only one call at a time touches the connection, and each has seen the end of the one before.
final class NATSPeer: @unchecked Sendable {
    private let connection: NATSConnection
    private static let timeLimit = Duration.seconds(20)

    private init(_ connection: NATSConnection) { self.connection = connection }

    static func connect(_ bench: NATSBench, _ secret: [String: String]) async throws -> NATSPeer {
        let credentials = try XCTUnwrap(NATSCredentials(text: XCTUnwrap(secret["nats.creds"])))
        var terms = NATSConnection.Terms(addresses: [NATSAddress(host: bench.address, port: bench.port)])
        terms.authoritiesPEM = bench.hasTLS ? secret["ca.crt"] : nil
        return try await onThread { [terms] in
            NATSPeer(try NATSConnection.open(terms, as: credentials, name: "test", NATSInterrupt()))
        }
    }

    func subscribe(_ subject: String) async throws -> Int {
        try await Self.onThread {
            let subscription = try self.connection.subscribe(to: subject, .now + Self.timeLimit)
            try self.connection.flush(.now + Self.timeLimit)
            return subscription
        }
    }

    func publish(_ text: String, to subject: String) async throws {
        try await Self.onThread {
            try self.connection.publish(Array(text.utf8), to: subject, .now + Self.timeLimit)
            try self.connection.flush(.now + Self.timeLimit)
        }
    }

    func next(of subscription: Int) async throws -> String {
        try await Self.onThread {
            String(
                decoding: try self.connection.message(of: subscription, .now + Self.timeLimit).payload, as: UTF8.self)
        }
    }

    /// Returns when what was on its way to it has come.
    func flush() async throws { try await Self.onThread { try self.connection.flush(.now + Self.timeLimit) } }

    /// Answers one request, with what it was asked.
    func echo(_ subscription: Int) async throws {
        try await Self.onThread {
            let message = try self.connection.message(of: subscription, .now + Self.timeLimit)
            try self.connection.publish(
                message.payload, to: try XCTUnwrap(message.reply), .now + Self.timeLimit)
        }
    }

    func request(_ text: String, to subject: String) async throws -> String {
        try await Self.onThread {
            String(
                decoding: try self.connection.request(Array(text.utf8), to: subject, .now + Self.timeLimit),
                as: UTF8.self)
        }
    }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }
}
