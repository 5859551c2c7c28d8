import Addons
import AppFile
import Deploys
import Foundation
import JSON
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes
@testable import Sandbox

/// Deploys that make the same database at the same moment, with the Secret that its password is kept in: a real server,
/// and a cluster that refuses what was written over something unread.
final class DatabaseRaceTests: XCTestCase {
    private static let deploys = 6
    private static let place = AddOnPlace(
        app: AppID(organisation: "iterate", name: "cats"), environment: .test, namespace: "apps-cats-test",
        addOn: AddOn(.postgres(extensions: ["citext"]), name: "cats-postgres"))

    /// Lets everybody look at the Secret before anybody has written it.
    private final class Together: AddOnServer {
        private let server: PostgresServers
        private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
        private let missing = Mutex(DatabaseRaceTests.deploys)

        init(_ server: PostgresServers) { self.server = server }

        func secret(of place: AddOnPlace, kept: [String: String]?) async throws(AddOnError) -> [String: String] {
            await wait()
            return try await server.secret(of: place, kept: kept)
        }

        func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String] {
            try await server.provide(place, secret)
        }

        /// Whoever comes later, because the first try was refused, goes on at once.
        private func wait() async {
            await withCheckedContinuation { continuation in
                let isComplete = missing.withLock { missing in
                    waiting.withLock { $0.append(continuation) }
                    missing -= 1
                    return missing <= 0
                }
                guard isComplete else { return }
                let all = waiting.withLock { waiting in
                    defer { waiting = [] }
                    return waiting
                }
                for one in all { one.resume() }
            }
        }
    }

    /// All at once.
    /// - Returns: the Secret as each of them has it.
    private func race(_ bench: RightsBench, _ servers: PostgresServers) async throws -> [[String: String]] {
        let keeper = AddOnKeeper(
            client: bench.client, patience: Patience(bench.client, maxSilence: .seconds(1)) { _ in },
            servers: AddOnServers(postgres: Together(servers)))
        return try await withThrowingTaskGroup(of: [String: String].self) { group in
            for _ in 0..<Self.deploys {
                group.addTask { try await keeper.keep([Self.place]).first?.secret ?? [:] }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func sql(_ statement: String, at url: String) async throws -> String {
        let result = try await ProgramRun("psql", ["-X", "-A", "-t", "-c", statement, url], timeLimit: .seconds(20)).run()
        XCTAssertEqual(result.exitCode, 0, String(decoding: result.errorOutput, as: UTF8.self))
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// There is one of everything, and all of them have the password that opens it.
    private func check(_ secrets: [[String: String]], _ bench: RightsBench, _ server: PrivatePostgres) async throws {
        let found = try await bench.client.get(.secrets, namespace: Self.place.namespace, name: Self.place.addOn.name)
        XCTAssertEqual(secrets, Array(repeating: AddOnKeeper.values(found), count: Self.deploys))
        let name = try await sql("SELECT current_user FROM pg_extension WHERE extname = 'citext'", at: secrets[0]["DATABASE_URL"] ?? "")
        XCTAssertEqual(name, "cats_test")
        let counts = try await sql(
            "SELECT (SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_'), (SELECT count(*) FROM pg_database)",
            at: try server.url())
        XCTAssertEqual(counts, "2|4", "the admin and the app; the server's own three and the app's")
    }

    private func withServer(_ body: (PrivatePostgres, PostgresServers) async throws -> Void) async throws {
        guard PrivatePostgres.programs != nil else {
            throw XCTSkip("no PostgreSQL server is installed; .ci/prepare installs one")
        }
        try await withTemporaryDirectory { directory in
            var server = try PrivatePostgres(in: directory, port: try FreePort.find())
            server.settings = ["fsync=off", "shared_buffers=16MB"]
            try await server.start()
            do {
                let admin = PostgresServer(admin: try PostgresURL(parsing: server.url()))
                let naming = Naming(
                    defaultOrganisation: "iterate",
                    domains: .init(prod: "{app}.test", test: "{app}.test", snap: "{app}.test"),
                    externalDomains: .init(prod: "{app}.test", test: "{app}.test", snap: "{app}.test"))
                try await body(server, PostgresServers(
                    { _ in admin }, naming: naming, installation: InstallationIdentity(id: "here"),
                    programEnvironment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], log: .silent))
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    func testAllOfThemEndWithOneDatabaseAndOnePassword() async throws {
        try await withServer { server, servers in
            try await RightsBench.with(isAlive: false) { bench in
                try await bench.cluster.makeNamespace(Self.place.namespace)
                let first = try await race(bench, servers)
                try await check(first, bench, server)
                // Somebody has emptied the Secret: each of them wants to write another password over it.
                try await bench.edit(.secret, Self.place.namespace, Self.place.addOn.name) { $0["data"] = [:] }
                let second = try await race(bench, servers)
                try await check(second, bench, server)
                XCTAssertNotEqual(second[0]["PGPASSWORD"], first[0]["PGPASSWORD"])
                // What is there stays as it is.
                let third = try await race(bench, servers)
                XCTAssertEqual(third, second)
            }
        }
    }
}
