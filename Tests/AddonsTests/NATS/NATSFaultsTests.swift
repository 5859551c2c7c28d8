import Crypto
import Deploys
import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Addons

final class NATSFaultsTests: XCTestCase {
    private static func failure(
        _ bench: NATSBench, _ settings: NATSSettings? = nil, at second: Int = 2_000_000,
        _ secret: [String: String]? = nil
    ) async throws -> AddOnError? {
        let accounts = try bench.accounts(settings, at: second)
        let place = try NATSBench.place("cats")
        do throws(AddOnError) {
            let made = try await accounts.secret(of: place, kept: secret)
            _ = try await accounts.provide(place, made)
            return nil
        } catch { return error }
    }

    private func assertRefused(
        _ error: AddOnError?, _ sentence: String, _ advice: String, line: UInt = #line
    ) {
        guard case .refused(let words, let more)? = error else {
            return XCTFail("\(String(describing: error))", line: line)
        }
        XCTAssertTrue(words.contains(sentence), words, line: line)
        XCTAssertTrue(more?.contains(advice) == true, more ?? "", line: line)
    }

    private func assertUnreachable(_ error: AddOnError?, _ reason: String, line: UInt = #line) {
        guard case .unreachable(let words)? = error else {
            return XCTFail("\(String(describing: error))", line: line)
        }
        XCTAssertTrue(words.hasPrefix("The NATS server does not answer: ") && words.contains(reason), words, line: line)
    }

    func testAServerThatIsAwayIsTriedAgainAndThenGivenUp() async throws {
        try await NATSBench.with { bench in
            await bench.stop()
            var settings = try bench.settings()
            settings.limits.silence = .milliseconds(300)
            let began = ContinuousClock.now
            assertUnreachable(try await Self.failure(bench, settings), "127.0.0.1:\(bench.port): connection refused")
            XCTAssertGreaterThan(ContinuousClock.now - began, .milliseconds(250))
            settings.addresses = [NATSAddress(host: "nats.invalid", port: 4_222)]
            assertUnreachable(try await Self.failure(bench, settings), "its name is not known")
        }
    }

    func testAServerThatComesBackInTimeIsEnough() async throws {
        try await NATSBench.with { bench in
            await bench.stop()
            let settings = try bench.settings()
            async let outcome = Self.failure(bench, settings)
            try await bench.start()
            let error = try await outcome
            XCTAssertNil(error)
        }
    }

    func testTheSecondOfTwoServersIsEnough() async throws {
        try await NATSBench.with { bench in
            var settings = try bench.settings()
            settings.addresses.insert(NATSAddress(host: "127.0.0.1", port: 1), at: 0)
            let error = try await Self.failure(bench, settings)
            XCTAssertNil(error)
        }
    }

    func testAnAnswerThatNeverComesEndsTheWait() async throws {
        // One that says nothing, one that stops after its first words, one that is no NATS server.
        let greetings: [(String, String)] = [
            ("", "it does not answer in time"), ("INFO {\"nonce\":\"x\"}\r\n", "it does not answer in time"),
        ]
        for (greeting, reason) in greetings {
            let peer = try ClientPeer { connection in
                if !greeting.isEmpty { try connection.write(greeting) }
                connection.waitForEnd()
            }
            defer { peer.stop() }
            try await NATSBench.with(tls: false, starts: false) { bench in
                var settings = try bench.settings()
                settings.addresses = try XCTUnwrap(NATSAddress.list("nats://\(peer.address)"))
                settings.limits.connect = .milliseconds(200)
                settings.limits.silence = .milliseconds(300)
                assertUnreachable(try await Self.failure(bench, settings), reason)
            }
        }
    }

    /// As when a name server does not answer: the system's resolver takes its own time.
    func testWhatCannotBeInterruptedIsWaitedForNoLongerThanAServer() async throws {
        var limits = NATSLimits()
        limits.silence = .milliseconds(200)
        limits.pause = .milliseconds(10)
        for first in [nil, NATSError.unreachable("its name is not known")] {
            let blocked = DispatchSemaphore(value: 0)
            let tries = Mutex(0)
            let began = ContinuousClock.now
            let reason = first == nil ? "neither it nor a name server answers in time" : "its name is not known"
            await assertThrows(AddOnError.unreachable("The NATS server does not answer: \(reason).")) {
                _ = try await NATSTalk(limits: limits).run { _ throws(NATSError) in
                    let isFirst = tries.withLock { tries in
                        tries += 1
                        return tries == 1
                    }
                    if isFirst, let first { throw first }
                    blocked.wait()
                }
            }
            XCTAssertLessThan(ContinuousClock.now - began, .seconds(5))
            blocked.signal()
        }
    }

    func testAnythingButNATSIsSaidToBeThat() async throws {
        let peer = try ClientPeer { connection in
            try connection.write("SSH-2.0-OpenSSH_9.2\r\n")
            connection.waitForEnd()
        }
        defer { peer.stop() }
        try await NATSBench.with(tls: false, starts: false) { bench in
            var settings = try bench.settings()
            settings.addresses = try XCTUnwrap(NATSAddress.list("nats://\(peer.address)"))
            assertRefused(try await Self.failure(bench, settings), "it does not speak NATS", "operator")
        }
    }

    func testCancellationEndsTheWait() async throws {
        let (accepted, continuation) = AsyncStream.makeStream(of: Void.self)
        let peer = try ClientPeer { connection in
            continuation.yield()
            connection.waitForEnd()
        }
        defer { peer.stop() }
        try await NATSBench.with(tls: false, starts: false) { bench in
            var settings = try bench.settings()
            settings.addresses = try XCTUnwrap(NATSAddress.list("nats://\(peer.address)"))
            settings.limits.connect = .seconds(600)
            let task = Task { [settings] in try await Self.failure(bench, settings) }
            for await _ in accepted { break }
            task.cancel()
            let error = try await task.value
            XCTAssertEqual(error, .cancelled)
        }
    }

    func testWrongSystemCredentials() async throws {
        try await NATSBench.with { bench in
            let stranger = try NATSOperator.user(of: XCTUnwrap(NKey(.account, seed: randomBytes(32))))
            assertRefused(
                try await Self.failure(bench, try bench.settings(system: stranger)), "does not take the credentials",
                "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE")
            // A good user, of an account that has nothing to do with accounts.
            let secret = try await bench.deploy(try NATSBench.place("dogs"))
            let user = try XCTUnwrap(NATSCredentials(text: secret["nats.creds"] ?? ""))
            assertRefused(
                try await Self.failure(bench, try bench.settings(system: user)), "no user of its system account",
                "configuration")
        }
    }

    /// It would take the account, but let nobody in; also when it is asked for the second time.
    func testAServerWithAnotherOperatorIsRefused() async throws {
        try await NATSBench.with { bench in
            let other = try XCTUnwrap(NKey(.operator, seed: randomBytes(32)))
            for second in [2_000_000, 2_000_001] {
                assertRefused(
                    try await Self.failure(bench, try bench.settings(operator: other), at: second),
                    "trusts another operator", "ITERAPP_NATS_OPERATOR_SEED_FILE")
            }
        }
    }

    func testAServerThatIsNotTrustedHearsNothing() async throws {
        try await NATSBench.with { bench in
            try await NATSBench.with(starts: false) { other in
                let settings = try bench.settings(authority: try other.authorityPEM)
                assertRefused(
                    try await Self.failure(bench, settings), "its certificate is not trusted: self-signed certificate",
                    "ITERAPP_NATS_CA_FILE")
            }
            assertRefused(
                try await Self.failure(bench, try bench.settings(host: "localhost")),
                "its certificate is not trusted: hostname mismatch", "certificate")
            assertRefused(
                try await Self.failure(bench, try bench.settings(authority: "nothing")), "no certificate among those",
                "ITERAPP_NATS_CA_FILE")
        }
        try await NATSBench.with(tls: false) { bench in
            assertRefused(
                try await Self.failure(bench, try bench.settings(authority: try bench.authorityPEM)), "it offers no TLS",
                "certificate")
        }
    }

    /// Its user would be turned away as one of those before the last rotation.
    func testAClockThatWasSetBackIsNoticed() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            let secret = try await bench.deploy(place, at: 2_000_000)
            _ = await bench.look(place, secret, at: 2_000_100)
            assertRefused(try await Self.failure(bench, at: 1_000_000), "The clock may have been set back", "Delete the Secret")
        }
    }
}
