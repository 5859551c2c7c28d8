import AppFile
import Crypto
import Deploys
import Foundation
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Addons

/// A real NATS server with TLS and a full resolver, in a directory of its own.
final class NATSBench: Sendable {
    private static let path = "/usr/sbin/nats-server"
    private static let startTimeLimit = Duration.seconds(20)

    private let owner: NATSOperator
    var operatorKey: NKey { owner.key }
    var systemUser: NATSCredentials { owner.systemUser }
    private let directory: URL
    let hasTLS: Bool
    /// Where it listens.
    let address: String
    private let running = Mutex<(program: RunningProgram?, port: Int)>((nil, -1))

    var port: Int { running.withLock { $0.port } }
    var authorityPEM: String { get throws { try String(contentsOf: directory.appending(path: "cert.pem"), encoding: .utf8) } }
    var accountsDirectory: URL { directory.appending(path: "jwt", directoryHint: .isDirectory) }

    private init(in directory: URL, of owner: NATSOperator, at address: String, hasTLS: Bool) throws {
        self.owner = owner
        self.directory = directory
        self.address = address
        self.hasTLS = hasTLS
    }

    /// Gives `body` a running server; afterwards nothing is left of it.
    static func with(
        _ owner: NATSOperator? = nil, at address: String = "127.0.0.1", tls: Bool = true, starts: Bool = true, _ body: (NATSBench) async throws -> Void
    ) async throws {
        guard access(path, X_OK) == 0 else {
            throw XCTSkip("\(path) is not installed; .ci/prepare installs it")
        }
        try await withTemporaryDirectory { directory in
            let bench = try NATSBench(in: directory, of: try owner ?? NATSOperator.make(), at: address, hasTLS: tls)
            try await TestCertificates(in: directory).make("cert", for: "DNS:nats.example,IP:\(address)")
            try Data(bench.owner.resolver.utf8).write(to: directory.appending(path: "resolver.conf"))
            if starts { try await bench.start() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(bench)) } catch { result = .failure(error) }
            await bench.stop()
            try result.get()
        }
    }

    // MARK: The server

    /// As in the README's section for operators.
    private func configuration(port: Int) -> String {
        let path = { (name: String) in self.directory.appending(path: name).path }
        let tls = hasTLS ? "tls { cert_file: \"\(path("cert.pem"))\", key_file: \"\(path("cert.key"))\" }" : ""
        return """
            listen: "\(address):\(port)"
            ports_file_dir: "\(path("ports"))"
            include "resolver.conf"
            \(tls)
            """
    }

    /// On the port that it had before.
    func start() async throws {
        let ports = directory.appending(path: "ports", directoryHint: .isDirectory)
        try? FileManager.default.removeItem(at: ports)
        try FileManager.default.createDirectory(at: ports, withIntermediateDirectories: true)
        let file = directory.appending(path: "nats.conf")
        try Data(configuration(port: port).utf8).write(to: file)
        let log = directory.appending(path: "nats.log").path
        let program = try RunningProgram(Self.path, ["--config", file.path], directory: directory.path, logFile: log)
        running.withLock { $0.program = program }
        let deadline = ContinuousClock.now + Self.startTimeLimit
        while program.isRunning, ContinuousClock.now < deadline {
            if let port = Self.port(in: ports) {
                running.withLock { $0.port = port }
                return
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("nats-server did not start: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
    }

    func stop() async {
        let program = running.withLock { running in
            defer { running.program = nil }
            return running.program
        }
        await program?.terminate(grace: .seconds(2))
    }

    /// As when its disk is lost.
    func forgetAccounts() throws { try FileManager.default.removeItem(at: accountsDirectory) }

    /// The server writes the file when it listens.
    private static func port(in directory: URL) -> Int? {
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        guard let text = files.first.flatMap({ try? String(contentsOf: $0, encoding: .utf8) }) else { return nil }
        return text.matches(of: /:(\d+)"/).first.flatMap { Int($0.1) }
    }

    /// The account as the server keeps it; nil when it has none.
    func stored(_ account: DerivedAccount) throws -> NATSToken? {
        guard let text = try? String(contentsOf: file(of: account), encoding: .utf8) else { return nil }
        return try XCTUnwrap(NATSToken(verifying: text, issuedBy: .operator))
    }

    func file(of account: DerivedAccount) -> URL { accountsDirectory.appending(path: "\(account.key.publicText).jwt") }

    /// Writes a token of it onto the server's disk that is signed well, and that the server does not take.
    func damage(_ account: DerivedAccount) throws {
        var content = account.token(over: nil, revokedUntil: 0, issuedAt: 1, signedBy: operatorKey).claims["nats"] ?? [:]
        content["exports"] = [["name": "all", "subject": "not a subject", "type": "stream"]]
        let token = NATSToken(
            content, about: account.key.publicText, name: account.name, issuedAt: 1, signedBy: operatorKey)
        try FileManager.default.createDirectory(at: accountsDirectory, withIntermediateDirectories: true)
        try Data(token.text.utf8).write(to: file(of: account))
    }

    /// All that it keeps, by account.
    func allStored() throws -> [String: String] {
        var all: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: accountsDirectory.path) {
            all[name] = try String(contentsOf: accountsDirectory.appending(path: name), encoding: .utf8)
        }
        return all
    }

    // MARK: Ours

    func settings(
        operator: NKey? = nil, system: NATSCredentials? = nil, authority: String? = nil, host: String? = nil
    ) throws -> NATSSettings {
        var settings = NATSSettings(
            appURL: "tls://nats.example:4222", addresses: [NATSAddress(host: host ?? address, port: port)],
            operator: `operator` ?? operatorKey, system: system ?? systemUser,
            authoritiesPEM: try authority ?? (hasTLS ? authorityPEM : nil))
        settings.limits.pause = .milliseconds(20)
        return settings
    }

    /// As a program of ours is told of it.
    func variables() throws -> [String: String] {
        func file(_ name: String, _ text: String) throws -> String {
            let file = directory.appending(path: name)
            try Data(text.utf8).write(to: file)
            return file.path
        }
        var variables = [
            "ITERAPP_NATS_URL": "\(hasTLS ? "tls" : "nats")://\(address):\(port)",
            "ITERAPP_NATS_OPERATOR_SEED_FILE": try file("operator.nk", operatorKey.seedText + "\n"),
            "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE": try file("system.creds", systemUser.text),
        ]
        if hasTLS { variables["ITERAPP_NATS_CA_FILE"] = directory.appending(path: "cert.pem").path }
        return variables
    }

    static let id = "here"
    static let installation = InstallationIdentity(id: id)

    /// - Parameter second: since 1970: what the clock says.
    func accounts(
        _ settings: NATSSettings? = nil, at second: Int = 2_000_000,
        installation: InstallationIdentity = installation
    ) throws -> NATSAccounts {
        NATSAccounts(
            try settings ?? self.settings(), installation: installation,
            now: { Date(timeIntervalSince1970: Double(second)) })
    }

    static func place(
        _ app: String, _ environment: EnvironmentName = .test, appling: String? = nil
    ) throws -> AddOnPlace {
        let place = try Places.place(app, appling: appling, environment)
        let name = place.addOn.name.replacing("-postgres", with: "-nats")
        return AddOnPlace(
            app: place.app, environment: environment, namespace: place.namespace, addOn: AddOn(.nats, name: name))
    }

    func account(_ place: AddOnPlace) -> DerivedAccount { DerivedAccount(of: place, operator: operatorKey, installation: Self.id) }

    /// As the keeper does, with one Secret in the cluster.
    func look(_ place: AddOnPlace, _ secret: [String: String], at second: Int) async -> NATSAccountKeeper.Pushed {
        guard let settings = try? settings() else { return .init() }
        let keeper = NATSAccountKeeper(
            settings, secrets: KnownSecrets(all: [KeptAddOn(place: place, secret: secret)]),
            installation: Self.installation,
            now: { Date(timeIntervalSince1970: Double(second)) }, log: .silent)
        return await keeper.look()
    }

    /// As a deploy does.
    func deploy(
        _ place: AddOnPlace, kept: [String: String]? = nil, at second: Int = 2_000_000,
        installation: InstallationIdentity = installation
    ) async throws -> [String: String] {
        let accounts = try accounts(at: second, installation: installation)
        let secret = try await accounts.secret(of: place, kept: kept)
        _ = try await accounts.provide(place, secret)
        return secret.merging(try await accounts.retireOlder(than: secret, at: place)) { $1 }
    }
}

/// The cluster's Secrets.
struct KnownSecrets: AddOnSecrets {
    let all: [KeptAddOn]
    var error: AddOnError?

    func kept(_ kind: AddOn.Kind) async throws(AddOnError) -> [KeptAddOn] {
        if let error { throw error }
        return kind == .nats ? all : []
    }
}
