import Deploys
import Foundation
import Sandbox
import Synchronization
import TestSupport
import XCTest

@testable import Addons

/// One PostgreSQL server for all tests of a class, each of which has apps of its own there.
final class SharedPostgres: Sendable {
    private let server = Mutex<PrivatePostgres?>(nil)

    /// Tests of a class run one after the other, so nobody else asks meanwhile.
    func get() async throws -> PrivatePostgres {
        if let server = server.withLock({ $0 }) { return server }
        let fresh = try await PostgresBench.start()
        server.withLock { $0 = fresh }
        return fresh
    }

    /// For `tearDown` of the class, which can't wait in any other way than this.
    func end() {
        guard let server = server.withLock({ $0 }) else { return }
        let isOver = DispatchSemaphore(value: 0)
        Task.detached {
            await PostgresBench.end(server)
            isOver.signal()
        }
        isOver.wait()
    }
}

/// The add-on as the service has it, and what is seen on its server.
struct PostgresBench: Sendable {
    let admin: PostgresURL
    let servers: PostgresServers
    let logged: Logged

    /// What the operator was told.
    final class Logged: Sendable {
        let lines = Mutex<[String]>([])
    }

    private static let path = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
    private static let timeLimit = Duration.seconds(30)

    static let installation = "here"

    init(
        _ admin: PostgresURL, appAddress: (host: String, port: Int)? = nil, installation: String = Self.installation,
        program: String = "psql", patience: PostgresPatience = PostgresPatience()
    ) {
        self.admin = admin
        let logged = Logged()
        self.logged = logged
        servers = PostgresServers(
            { _ in PostgresServer(admin: admin, appAddress: appAddress) }, naming: Places.naming,
            installation: InstallationIdentity(id: installation), programEnvironment: Self.path, program: program,
            patience: patience, log: Log { _, line in logged.lines.withLock { $0.append(line) } })
    }

    init(_ server: PrivatePostgres) throws {
        self.init(try PostgresURL(parsing: server.url()))
    }

    /// - Parameters:
    ///   - kept: what an earlier deploy has left in the Secret.
    ///   - goesLive: whether the deploy goes well, which tells what it remarked.
    @discardableResult
    func provide(
        _ place: AddOnPlace, kept: [String: String]? = nil, goesLive: Bool = true
    ) async throws(AddOnError) -> (secret: [String: String], remarks: [String]) {
        let secret = try await servers.secret(of: place, kept: kept)
        let remarks = try await servers.provide(place, secret)
        if goesLive {
            let added = try await servers.retireOlder(than: secret, at: place)
            XCTAssertEqual(added, [:])
        }
        return (secret, remarks)
    }

    /// As the operator.
    @discardableResult
    func sql(_ script: String, in database: String = "postgres") async throws -> [String] {
        try await Psql(program: "psql", environment: Self.path).run(
            script, [:],
            as: .init(url: admin, user: admin.user, password: admin.password, database: database),
            timeLimit: Self.timeLimit)
    }

    /// As an app does, with the variables of its Secret.
    @discardableResult
    func sql(
        _ script: String, as secret: [String: String], in database: String? = nil
    ) async throws -> [String] {
        try await Psql(program: "psql", environment: Self.path).run(
            script, [:],
            as: .init(
                url: admin, user: secret["PGUSER"] ?? "", password: secret["PGPASSWORD"],
                database: database ?? secret["PGDATABASE"] ?? ""), timeLimit: Self.timeLimit)
    }

    /// Why it did not go.
    func refusal(_ body: () async throws -> Void) async -> String? {
        do {
            try await body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    // MARK: Servers

    static func start(_ settings: [String] = []) async throws -> PrivatePostgres {
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var server = try PrivatePostgres(in: directory, port: try freePort())
        server.settings = ["fsync=off", "shared_buffers=16MB"] + settings
        try await server.start()
        return server
    }

    static func end(_ server: PrivatePostgres) async {
        await server.stop()
        try? FileManager.default.removeItem(at: server.directory)
    }
}
