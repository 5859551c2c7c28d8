import Deploys
import Foundation
import Synchronization
import XCTest

@testable import Addons

final class NATSAccountKeeperTests: XCTestCase {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var log: Log { Log { level, line in self.all.withLock { $0.append("\(level): \(line)") } } }
        func take() -> [String] {
            all.withLock { all in
                defer { all = [] }
                return all
            }
        }
    }

    func testAServerThatLostItsAccountsGetsThemAgain() async throws {
        try await NATSBench.with { bench in
            let (cats, dogs) = (try NATSBench.place("cats"), try NATSBench.place("dogs", .prod))
            let older = try await bench.deploy(cats, at: 2_000_000)
            let secrets = [
                KeptAddOn(place: cats, secret: try await bench.deploy(cats, at: 2_000_500)),
                KeptAddOn(place: dogs, secret: try await bench.deploy(dogs)),
                // Of an account that was another operator's.
                KeptAddOn(place: try NATSBench.place("cows"), secret: older),
            ]
            let lines = Lines()
            let keeper = NATSAccountKeeper(
                try bench.settings(), secrets: KnownSecrets(all: secrets), installation: NATSBench.installation,
                now: { Date(timeIntervalSince1970: 3_000_000) }, log: lines.log)
            let first = await keeper.look()
            XCTAssertEqual(first, .init(changed: ["iterate/cats test: cats-nats", "iterate/dogs prod: dogs-nats"]))
            XCTAssertEqual(lines.take().map { $0.prefix(5) }, ["info:"])
            let nothing = await keeper.look()
            XCTAssertEqual(nothing, .init())

            await bench.stop()
            try bench.forgetAccounts()
            try await bench.start()
            await assertThrows(NATSError.unauthorized) { _ = try await NATSPeer.connect(bench, secrets[0].secret) }
            let pushed = await keeper.look()
            XCTAssertEqual(pushed, .init(missing: first.changed))
            XCTAssertEqual(lines.take().map { $0.prefix(8) }, ["warning:"])
            for one in secrets.prefix(2) { _ = try await NATSPeer.connect(bench, one.secret) }
            await assertThrows(NATSError.unauthorized) { _ = try await NATSPeer.connect(bench, older) }
            XCTAssertEqual(try bench.allStored().count, 3)
            let again = await keeper.look()
            XCTAssertEqual(again, .init())
            XCTAssertEqual(lines.take(), [])
        }
    }

    /// One whose token somebody damaged by hand, and one for which there is no place on the server's disk.
    func testAccountsThatTheServerRefusesKeepNoOthersAway() async throws {
        try await NATSBench.with { bench in
            let places = try ["ants", "bees", "cats"].map { try NATSBench.place($0) }
            var all: [KeptAddOn] = []
            for place in places { all.append(KeptAddOn(place: place, secret: try await bench.deploy(place, at: 2_000_000))) }
            await bench.stop()
            try bench.forgetAccounts()
            try bench.damage(bench.account(places[0]))
            try FileManager.default.createDirectory(at: bench.file(of: bench.account(places[1])), withIntermediateDirectories: true)
            try await bench.start()
            let lines = Lines()
            let keeper = NATSAccountKeeper(
                try bench.settings(), secrets: KnownSecrets(all: all), installation: NATSBench.installation,
                now: { Date(timeIntervalSince1970: 3_000_000) }, log: lines.log)
            let first = await keeper.look()
            XCTAssertEqual(first.missing, ["iterate/cats test: cats-nats"])
            XCTAssertEqual(first.refused.keys.sorted(), ["iterate/ants test: ants-nats", "iterate/bees test: bees-nats"])
            _ = try await NATSPeer.connect(bench, all[2].secret)
            let said = lines.take()
            XCTAssertEqual(said.count, 3, "\(said)")
            for words in ["ants-nats. Of the NATS server: it does not take an account: jwt validation failed", "is a directory"] {
                XCTAssertTrue(said.contains { $0.contains(words) }, "\(said)")
            }
            let again = await keeper.look()
            XCTAssertEqual(again.refused, first.refused)
            XCTAssertEqual(lines.take(), [])

            try FileManager.default.removeItem(at: bench.file(of: bench.account(places[1])))
            let third = await keeper.look()
            XCTAssertEqual(third.missing, ["iterate/bees test: bees-nats"])
            XCTAssertEqual(lines.take().last, "info: these NATS accounts are looked after again: iterate/bees test: bees-nats")
        }
    }

    func testTroubleIsSaidOnceAndItsEnd() async throws {
        try await NATSBench.with { bench in
            let place = try NATSBench.place("cats")
            let secrets = KnownSecrets(all: [KeptAddOn(place: place, secret: try await bench.deploy(place))])
            var settings = try bench.settings()
            settings.limits.silence = .milliseconds(50)
            let lines = Lines()
            let keeper = NATSAccountKeeper(
                settings, secrets: secrets, installation: NATSBench.installation,
                now: { Date(timeIntervalSince1970: 2_000_000) }, log: lines.log)
            await bench.stop()
            for _ in 1...2 { await keeper.look() }
            let said = lines.take()
            XCTAssertEqual(said.count, 1)
            XCTAssertTrue(said[0].hasPrefix("warning: NATS accounts cannot be looked after: The NATS server does not"))
            try await bench.start()
            await keeper.look()
            XCTAssertEqual(lines.take(), ["info: NATS accounts are looked after again"])
        }
    }

    func testWithoutSecretsThereIsNothingToAsk() async throws {
        try await NATSBench.with(starts: false) { bench in
            let lines = Lines()
            let none = NATSAccountKeeper(
                try bench.settings(), secrets: KnownSecrets(all: []), installation: NATSBench.installation,
                log: lines.log)
            await none.look()
            XCTAssertEqual(lines.take(), [])
            let away = NATSAccountKeeper(
                try bench.settings(), secrets: KnownSecrets(all: [], error: .unreachable("No list.")),
                installation: NATSBench.installation, log: lines.log)
            await away.look()
            XCTAssertEqual(lines.take(), ["warning: NATS accounts cannot be looked after: No list."])
        }
    }
}
