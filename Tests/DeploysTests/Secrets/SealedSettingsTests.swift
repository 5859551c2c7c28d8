import AppFile
import Deploys
import Foundation
import XCTest

/// Encrypted values of a commit: opened before anything is made of them.
final class SealedSettingsTests: XCTestCase {
    /// Knows the key of zeros, and needs no cryptography.
    private struct Opener: SecretOpener {
        let mask: SecretMask

        func open(_ text: String, of app: AppID, for uses: Set<SealedValue.Scope>) throws(OpeningError) -> String {
            let value: SealedValue
            do { value = try SealedValue(text) } catch { throw .unreadable(error) }
            guard value.keyID == [UInt8](repeating: 0, count: 8) else { throw .unknownKey(id: "0909") }
            guard uses.contains(value.scope) else { throw .otherUse(value.scope) }
            let secret = String(decoding: value.ciphertext, as: UTF8.self)
            mask.learn([secret])
            return secret
        }
    }

    private let mask = SecretMask()

    private func sealed(_ secret: String, _ scope: SealedValue.Scope = .common, key: UInt8 = 0) throws -> String {
        try XCTUnwrap(SealedValue(
            scope: scope, keyID: [UInt8](repeating: key, count: 8), app: "iterate/cats",
            encapsulatedKey: [4] + [UInt8](repeating: 7, count: 64), ciphertext: Array(secret.utf8))).text
    }

    private func connect(_ ports: inout Ports) {
        ports.mask = mask
        ports.connections.opener = Opener(mask: mask)
    }

    func testAllThatCannotBeOpenedIsSaidBeforeAnythingIsBuilt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", ["iterapp.toml": """
                [env.common]
                GOOD = { encrypted = "\(try sealed("a secret that opens"))" }
                OLD = { encrypted = "\(try sealed("of another key here", key: 9))" }

                [env.prod]
                PRODS = { encrypted = "\(try sealed("of another key, too", .prod, key: 9))" }

                [build_secrets]
                npm = { encrypted = "\(try sealed("a third of that key", .build, key: 9))" }
                """])
            await bench.command("deploy cats prod main")
            try await bench.work(until: 1, connect)
            let failure = try await bench.announcedFailure()
            let rest = "can't be opened: it is encrypted with the key 0909, which this Iterapp does not have."
            XCTAssertEqual(failure.stage, .settings)
            XCTAssertEqual(failure.sentence, "`OLD` (line 3 of iterapp.toml) \(rest) Nor can 2 other values.")
            XCTAssertEqual(failure.evidence, [
                "`OLD` (line 3 of iterapp.toml) \(rest)", "`PRODS` (line 6 of iterapp.toml) \(rest)",
                "The build secret `npm` (line 9 of iterapp.toml) \(rest)",
            ])
            XCTAssertEqual(bench.world.count("build "), 0)
            XCTAssertEqual(bench.world.count("roll out"), 0)
        }
    }

    func testOnlyWhatIsUsedIsOpened() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", ["iterapp.toml": """
                [env.prod]
                PRODS = { encrypted = "\(try sealed("of another key, too", .prod, key: 9))" }
                """])
            await bench.command("deploy cats test main")
            try await bench.work(until: 1, connect)
            await bench.command("build cats main")
            try await bench.work(until: 2, connect)
            XCTAssertEqual(bench.world.count("rolled out"), 1)
            XCTAssertEqual(bench.world.count("build "), 2)
        }
    }

    func testAPushThatCannotRunIsNotBuilt() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commit = bench.world.commit("a", ["iterapp.toml": """
                [env.common]
                OLD = { encrypted = "\(try sealed("of another key here", key: 9))" }
                """])
            _ = try await bench.push(commit)
            try await bench.work(until: 1, connect)
            let failure = try await bench.announcedFailure()
            XCTAssertTrue(failure.sentence.hasPrefix("`OLD` (line 2 of iterapp.toml) can't be opened"), failure.sentence)
            XCTAssertEqual(bench.world.count("build "), 0)
        }
    }

    func testBuildSecretsReachTheBuildOfTheirAppling() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a", [
                "iterapp.toml": """
                    applings = ["web", "api"]
                    [build_secrets]
                    npm = { encrypted = "\(try sealed("npm's secret text", .build))" }
                    """,
                "api/iterapp.toml": """
                    [build_secrets]
                    pip = { encrypted = "\(try sealed("pip's secret text", .build))" }
                    """, "web/iterapp.toml": "",
            ])
            await bench.command("build cats main")
            try await bench.work(until: 1, connect)
            let given = bench.world.secrets.withLock { $0.mapValues(\.values) }
            XCTAssertEqual(given, [
                "web": ["npm": "npm's secret text"], "api": ["npm": "npm's secret text", "pip": "pip's secret text"],
            ])
        }
    }

    /// A key may be taken away when nothing is built with it any more.
    func testWhatIsBuiltAlreadyNeedsNoBuildSecrets() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let good = ["iterapp.toml": "[build_secrets]\nnpm = { encrypted = \"\(try sealed("npm's secret text", .build))\" }\n"]
            bench.world.commit("a", good)
            await bench.command("build cats main")
            try await bench.work(until: 1, connect)
            let bad = try sealed("npm's secret text", .build, key: 9)
            bench.world.commit("a", ["iterapp.toml": "[build_secrets]\nnpm = { encrypted = \"\(bad)\" }\n"])
            await bench.command("deploy cats test main")
            try await bench.work(until: 2, connect)
            XCTAssertEqual(bench.world.count("rolled out"), 1)
            await bench.command("build cats main")
            try await bench.work(until: 3, connect)
            let failure = try await bench.toldFailure()
            XCTAssertTrue(failure.sentence.hasPrefix("The build secret `npm` (line 2 of iterapp.toml) can't"), failure.sentence)
        }
    }

    /// What a container prints when it crashes goes into the journal before anybody reads it.
    func testWhatTheClusterSaysIsWrittenDownWithoutSecrets() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let secret = "correct horse battery"
            bench.world.commit("a", ["iterapp.toml": "[env.common]\nKEY = { encrypted = \"\(try sealed(secret))\" }\n"])
            bench.world.fail("rolled out", RollOutError.failed(
                appling: "cats", cause: "It stops with \(secret).", advice: "Look at \(secret).",
                evidence: ["key is \(secret)", "in JSON \"\(secret)\""]))
            await bench.command("deploy cats test main")
            try await bench.work(until: 1, connect)
            let failure = try await bench.announcedFailure()
            XCTAssertTrue(failure.sentence.contains("It stops with •••."), failure.sentence)
            XCTAssertEqual(failure.evidence, ["key is •••", "in JSON \"•••\""])
            for name in try FileManager.default.contentsOfDirectory(atPath: bench.directory.path) {
                let bytes = FileManager.default.contents(atPath: bench.directory.appending(path: name).path) ?? Data()
                XCTAssertNil(bytes.range(of: Data(secret.utf8)), name)
            }
        }
    }
}
