import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Addons

/// Against a real server.
final class NATSAccountsTests: XCTestCase {
    func testAnAppsCredentialsConnectPublishAndSubscribe() async throws {
        try await NATSBench.with { bench in
            let secret = try await bench.deploy(try NATSBench.place("cats"))
            XCTAssertEqual(secret["NATS_CREDENTIALS"], secret["nats.creds"])
            XCTAssertEqual(secret["NATS_URL"], "tls://nats.example:4222")
            XCTAssertEqual(secret["ca.crt"], try bench.authorityPEM)
            let (one, other) = (try await NATSPeer.connect(bench, secret), try await NATSPeer.connect(bench, secret))
            let subscription = try await one.subscribe("cats.*")
            try await other.publish("meow", to: "cats.all")
            let heard = try await one.next(of: subscription)
            XCTAssertEqual(heard, "meow")
            async let served: Void = one.echo(subscription)
            let answer = try await other.request("purr", to: "cats.one")
            XCTAssertEqual(answer, "purr")
            try await served
        }
    }

    func testNobodyElseHearsIt() async throws {
        try await NATSBench.with { bench in
            let secret = try await bench.deploy(try NATSBench.place("cats"))
            var others: [NATSPeer] = []
            for place in [
                try NATSBench.place("cats", .prod), try NATSBench.place("dogs"), try NATSBench.place("acme/cats"),
                try NATSBench.place("cats", appling: "frontend"),
            ] {
                others.append(try await NATSPeer.connect(bench, try await bench.deploy(place)))
            }
            let another = InstallationIdentity(id: "there")
            let theirs = try await bench.deploy(try NATSBench.place("cats"), installation: another)
            others.append(try await NATSPeer.connect(bench, theirs))
            var subscriptions: [Int] = []
            for other in others { subscriptions.append(try await other.subscribe(">")) }
            let (speaker, own) = (try await NATSPeer.connect(bench, secret), try await NATSPeer.connect(bench, secret))
            let subscription = try await own.subscribe(">")
            try await speaker.publish("secret", to: "greeting")
            let heard = try await own.next(of: subscription)
            XCTAssertEqual(heard, "secret")
            for (other, subscription) in zip(others, subscriptions) {
                // Whatever was sent to it before would come first.
                try await other.publish("own", to: "greeting")
                let heard = try await other.next(of: subscription)
                XCTAssertEqual(heard, "own")
            }
        }
    }

    func testProvidingOnceMoreChangesNothing() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            let first = try await bench.deploy(place, at: 2_000_000)
            let stored = try bench.allStored()
            XCTAssertNotNil(stored["\(bench.account(place).key.publicText).jwt"])
            for second in 2_000_001...2_000_003 {
                let again = try await bench.deploy(place, kept: first, at: second)
                XCTAssertEqual(again, first)
            }
            XCTAssertEqual(try bench.allStored(), stored)
        }
    }

    func testTwoAtOnceMakeOneAccountThatLetsBothIn() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            let secret = try await bench.accounts().secret(of: place, kept: nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for second in 2_000_001...2_000_008 {
                    group.addTask { _ = try await bench.accounts(at: second).provide(place, secret) }
                }
                try await group.waitForAll()
            }
            _ = try await NATSPeer.connect(bench, secret)
            XCTAssertEqual(try bench.allStored().count, 2)
        }
    }

    /// A Secret that is deleted is made anew. Pods that are still there go on with the older one until all are gone.
    func testRotationLetsNobodyWaitAndThenTurnsTheOlderAway() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            let older = try await bench.deploy(place, at: 2_000_000)
            let old = try await NATSPeer.connect(bench, older)
            let subscription = try await old.subscribe("greeting")

            let accounts = try bench.accounts(at: 2_000_500)
            let newer = try await accounts.secret(of: place, kept: nil)
            XCTAssertNotEqual(newer["nats.creds"], older["nats.creds"])
            _ = try await accounts.provide(place, newer)
            let new = try await NATSPeer.connect(bench, newer)
            try await new.publish("hello", to: "greeting")
            let heard = try await old.next(of: subscription)
            XCTAssertEqual(heard, "hello", "old and new speak to each other")
            _ = try await NATSPeer.connect(bench, older)

            let added = try await accounts.retireOlder(than: newer, at: place)
            XCTAssertEqual(added, ["older-users-until": "2000560"])
            let kept = newer.merging(added) { $1 }
            // Pods that were told to end still do what they have to.
            let early = await bench.look(place, kept, at: 2_000_559)
            XCTAssertEqual(early, .init())
            try await new.publish("bye", to: "greeting")
            let last = try await old.next(of: subscription)
            XCTAssertEqual(last, "bye")

            let late = await bench.look(place, kept, at: 2_000_560)
            XCTAssertEqual(late, .init(changed: ["iterate/cats test: cats-nats"]))
            await assertThrows(NATSError.unauthorized) { _ = try await old.next(of: subscription) }
            await assertThrows(NATSError.unauthorized) { _ = try await NATSPeer.connect(bench, older) }
            try await new.flush()
            _ = try await NATSPeer.connect(bench, newer)

            let stored = try bench.allStored()
            let again = try await bench.deploy(place, kept: kept, at: 2_000_900)
            XCTAssertEqual(again, kept)
            XCTAssertEqual(try bench.allStored(), stored)
        }
    }

    func testWhatAnOperatorSetByHandStays() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            _ = try await bench.deploy(place, at: 2_000_000)
            let found = try XCTUnwrap(try bench.stored(bench.account(place)))
            var content = try XCTUnwrap(found.claims["nats"])
            content["limits"]?["conn"] = 7
            content["signing_keys"] = []
            let edited = NATSToken(
                content, about: found.subject, name: "by hand", issuedAt: 2_000_100, signedBy: bench.operatorKey)
            try Data(edited.text.utf8).write(
                to: bench.accountsDirectory.appending(path: "\(found.subject).jwt"))
            // A new user, so that the account must be pushed again; and who signs it must be listed for it to be let in.
            let secret = try await bench.deploy(place, at: 2_000_500)
            XCTAssertEqual(try bench.stored(bench.account(place)).map(bench.account(place).isSigner), true)
            let pushed = await bench.look(place, secret, at: 2_001_000)
            XCTAssertEqual(pushed.changed.count, 1)
            let stored = try XCTUnwrap(try bench.stored(bench.account(place)))
            XCTAssertEqual(stored.claims.at("nats", "limits", "conn"), 7)
            XCTAssertEqual(DerivedAccount.revokedUntil(stored), 2_000_499)
        }
    }

    /// A server with `--require-signing-keys` takes nothing that the operator's own key signed.
    func testWhatTheServersOwnToolWritesIsAllThatIsNeeded() async throws {
        for (name, key) in [("plain", "operator.nk"), ("strict", "signing.nk")] {
            try await NATSBench.with(try .recorded(name, key: key)) { bench in
                let place = try NATSBench.place("cats")
                let secret = try await bench.deploy(place, at: 2_000_000)
                _ = try await NATSPeer.connect(bench, secret)
                let again = try await bench.deploy(place, kept: secret, at: 2_000_100)
                XCTAssertEqual(again, secret)
                // Whoever was let in before it is turned away now, and it is not.
                XCTAssertEqual(try bench.stored(bench.account(place)).map(DerivedAccount.revokedUntil), 1_999_999)
                _ = try await NATSPeer.connect(bench, secret)
            }
        }
        try await NATSBench.with(try .recorded("strict")) { bench in
            let place = try NATSBench.place("cats")
            do {
                _ = try await bench.deploy(place)
                XCTFail("the server takes what the operator's own key signed")
            } catch AddOnError.refused(let sentence, _) {
                XCTAssertTrue(sentence.contains("requires issuer to be a signing key"), sentence)
            }
        }
    }

    func testUsersOfAnotherOperatorsAccountAreMadeAnew() async throws {
        try await NATSBench.with(starts: false) { bench in
            let place = try NATSBench.place("cats")
            let secret = try await bench.accounts().secret(of: place, kept: nil)
            let other = try XCTUnwrap(NKey(.operator, seed: [UInt8](repeating: 9, count: 32)))
            let kept = secret.merging(["older-users-until": "5"]) { $1 }
            let moved = try await bench.accounts(try bench.settings(operator: other)).secret(of: place, kept: kept)
            XCTAssertNotEqual(moved["nats.creds"], secret["nats.creds"])
            XCTAssertNil(moved["older-users-until"])
            for broken in ["", "nonsense"] {
                let again = try await bench.accounts().secret(
                    of: place, kept: secret.merging(["nats.creds": broken]) { $1 })
                XCTAssertNotNil(NATSCredentials(text: again["nats.creds"] ?? ""))
            }
        }
    }

    /// Its user stays: whoever is connected already is the same one.
    func testAnAuthorityComesAndGoesWithTheSetting() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            let first = try await bench.deploy(place)
            XCTAssertEqual(first["NATS_CA_FILE"], "/var/run/iterapp/nats/ca.crt")
            var settings = try bench.settings()
            settings.authoritiesPEM = nil
            let second = try await bench.accounts(settings).secret(of: place, kept: first)
            XCTAssertEqual(second, first.filter { !["NATS_CA_FILE", "ca.crt"].contains($0.key) })
            let third = try await bench.accounts().secret(of: place, kept: second)
            XCTAssertEqual(third, first)
        }
    }

    /// A name would do until two of them have an app of the same name.
    func testWithoutKnowingTheInstallationNothingIsMade() async throws {
        try await NATSBench.with { bench in
            let unknown = InstallationIdentity { () throws(AddOnError) in throw .unreachable("Nobody knows.") }
            await assertThrows(AddOnError.unreachable("Nobody knows.")) {
                _ = try await bench.deploy(try NATSBench.place("cats"), installation: unknown)
            }
            XCTAssertEqual(try bench.allStored().count, 1, "the system account's alone")
        }
    }

    func testWithoutAnAuthorityAndTLSItWorksAsWell() async throws {
        try await NATSBench.with(tls: false) { bench in
            let secret = try await bench.deploy(try NATSBench.place("cats"))
            XCTAssertEqual(
                Set(secret.keys), ["NATS_CREDENTIALS", "NATS_URL", "nats.creds", "older-users-until"],
                "a client that is given an authority insists on TLS")
            _ = try await NATSPeer.connect(bench, secret)
        }
    }
}

/// - Parameter error: exactly this one.
func assertThrows<E: Error & Equatable>(
    _ error: E, line: UInt = #line, _ body: () async throws -> Void
) async {
    do {
        try await body()
        XCTFail("it threw nothing", line: line)
    } catch let thrown as E {
        XCTAssertEqual(thrown, error, line: line)
    } catch {
        XCTFail("it threw \(error)", line: line)
    }
}
