import Deploys
import Foundation
import Sandbox
import Synchronization
import TestSupport
import XCTest

@testable import Addons

final class PostgresFaultTests: XCTestCase {
    private static let shared = SharedPostgres()

    override class func tearDown() { shared.end() }

    private func bench() async throws -> PostgresBench { try PostgresBench(try await Self.shared.get()) }

    /// A clock on which nothing takes time but pauses.
    private func patience(onPause: @escaping @Sendable (Int) async throws -> Void = { _ in }) -> PostgresPatience {
        let pauses = Mutex(0)
        let start = ContinuousClock.now
        var patience = PostgresPatience()
        patience.now = { start + .seconds(pauses.withLock { $0 }) }
        patience.sleep = { _ in
            let count = pauses.withLock { count in
                count += 1
                return count
            }
            try await onPause(count)
        }
        return patience
    }

    func testAServerThatRestartsIsWaitedFor() async throws {
        let server = try await Self.shared.get()
        let url = try PostgresURL(parsing: server.url())
        await server.stop()
        let bench = PostgresBench(url, patience: patience { if $0 == 3 { try await server.start() } })
        let secret = try await bench.provide(try Places.place("cats")).secret
        try await bench.sql("SELECT 1", as: secret)
    }

    func testAServerThatStaysAwayIsAFailureAfterTwentySeconds() async throws {
        let port = try freePort()
        let pauses = Mutex(0)
        let bench = PostgresBench(
            try PostgresURL(parsing: "postgres://admin:hunter2@127.0.0.1:\(port)"),
            patience: patience { count in pauses.withLock { $0 = count } })
        do throws(AddOnError) {
            try await bench.provide(try Self.cats())
            XCTFail("It was made.")
        } catch {
            XCTAssertEqual(
                error, .unreachable(
                    "The database server 127.0.0.1 does not answer: connection to server at \"127.0.0.1\", "
                        + "port \(port) failed: Connection refused."))
        }
        XCTAssertEqual(pauses.withLock { $0 }, 20)
    }

    private static func cats() throws(AddOnError) -> AddOnPlace {
        do { return try Places.place("cats") } catch { throw .cancelled }
    }

    func testTooManyConnectionsPass() async throws {
        let operators = try await bench()
        try await operators.sql("CREATE ROLE busy LOGIN CREATEDB CREATEROLE CONNECTION LIMIT 0 PASSWORD 'busy'")
        let url = try PostgresURL(parsing: "postgres://busy:busy@127.0.0.1:\(operators.admin.port)")
        let away = PostgresBench(url, patience: patience())
        do throws(AddOnError) {
            try await away.provide(try Self.cats())
        } catch .unreachable(let sentence) {
            XCTAssertTrue(sentence.contains("too many connections for role \"busy\""), sentence)
        } catch { XCTFail("\(error)") }
        let bench = PostgresBench(
            url, patience: patience { if $0 == 2 { try await operators.sql("ALTER ROLE busy CONNECTION LIMIT 9") } })
        try await bench.provide(try Places.place("wasps"))
    }

    func testAWrongPasswordOfTheAdminIsSaidAtOnce() async throws {
        let port = try await bench().admin.port
        let bench = PostgresBench(
            try PostgresURL(parsing: "postgres://postgres:hunter2@127.0.0.1:\(port)"),
            patience: patience { _ in XCTFail("It was tried again.") })
        await assertRefused(bench, try Places.place("dogs")) {
            XCTAssertTrue($0.contains("password authentication failed for user \"postgres\""), $0)
            XCTAssertTrue($1.contains("ITERAPP_POSTGRES_ADMIN_URL"), $1)
            XCTAssertFalse("\($0)\($1)".contains("hunter2"))
        }
    }

    /// Whatever part of the script was done when the connection broke, the next try does the rest.
    func testAConnectionThatBreaksAnywhereLeavesNothingBehind() async throws {
        let admin = try await bench().admin
        let script = PostgresScripts.make.split(separator: "\n", omittingEmptySubsequences: false)
        let lines = script.count
        // Before it come the seven values. A role that stayed without its mark would be nobody's.
        let role = try XCTUnwrap(script.firstIndex { $0.contains("CREATE ROLE") }) + 1 + 7
        for cut in [role] + stride(from: 8, to: lines + 12, by: 14) {
            try await withTemporaryDirectory { directory in
                let program = directory.appending(path: "breaking-psql").path
                let script = """
                    #!/bin/sh
                    echo >> \(directory.path)/runs
                    if [ "$(wc -l < \(directory.path)/runs)" -eq 2 ]; then head -n \(cut) | psql "$@" 2> /dev/null; exit 2; fi
                    exec psql "$@"
                    """
                try Data(script.utf8).write(to: URL(filePath: program))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
                let bench = PostgresBench(admin, program: program, patience: patience())
                let (secret, remarks) = try await bench.provide(try Places.place("cut\(cut)", extensions: ["citext"]))
                XCTAssertEqual(remarks, [made("cut\(cut)_test")], "cut at \(cut)")
                let found = try await bench.sql(
                    "SELECT has_database_privilege('public', current_database(), 'CONNECT'), count(*) FROM pg_extension",
                    as: secret)
                XCTAssertEqual(found, ["f|2"], "cut at \(cut) of \(lines)")
            }
        }
    }

    func testAFullDiskIsSaidAndRoomIsAllThatIsNeeded() async throws {
        let bench = try await bench()
        try await withTemporaryDirectory { directory in
            let disk = directory.appending(path: "disk").path
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
            guard mount("tmpfs", disk, "tmpfs", 0, "size=64m,nr_inodes=400") == 0 else {
                throw XCTSkip("no small disk can be mounted here: \(String(cString: strerror(errno)))")
            }
            defer { umount2(disk, Int32(MNT_DETACH)) }
            if geteuid() == 0 {
                try FileManager.default.setAttributes([.ownerAccountName: "postgres"], ofItemAtPath: disk)
            }
            // One database's files fit, and those of what it is copied to do not.
            try await bench.sql(
                "CREATE TABLESPACE small LOCATION '\(disk)';\nALTER DATABASE template0 SET TABLESPACE small;")
            await assertRefused(bench, try Places.place("mice")) { sentence, _ in
                XCTAssertTrue(sentence.hasPrefix("The database server 127.0.0.1 has no room left on its disk: "), sentence)
            }
            try await bench.sql("ALTER DATABASE template0 SET TABLESPACE pg_default;\nDROP TABLESPACE small;")
            let secret = try await bench.provide(try Places.place("mice")).secret
            try await bench.sql("SELECT 1", as: secret)
        }
    }

    func testWithoutPsqlItIsSaidWhatToInstall() async throws {
        let bench = PostgresBench(try await bench().admin, program: "psql-of-nowhere")
        await assertRefused(bench, try Places.place("cats")) {
            XCTAssertTrue($0.contains("psql-of-nowhere, which is missing"), $0)
            XCTAssertTrue($1.contains("postgresql-client"), $1)
        }
    }

    func testAHangingPsqlIsEnded() async throws {
        try await withTemporaryDirectory { directory in
            let program = directory.appending(path: "hanging-psql").path
            try Data("#!/bin/sh\nexec sleep 1000\n".utf8).write(to: URL(filePath: program))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
            var patience = patience()
            patience.lookTimeLimit = .milliseconds(20)
            patience.makeTimeLimit = .milliseconds(20)
            patience.maxSilence = .seconds(2)
            let bench = PostgresBench(
                try PostgresURL(parsing: "postgres://a:b@127.0.0.1:1"), program: program, patience: patience)
            do throws(AddOnError) {
                try await bench.provide(try Self.cats())
                XCTFail("It was made.")
            } catch .unreachable(let sentence) {
                XCTAssertTrue(sentence.contains("did not end within"), sentence)
            } catch { XCTFail("\(error)") }
        }
    }

    func testWhoeverCancelsDoesNotWait() async throws {
        let waits = AsyncStream.makeStream(of: Void.self)
        var patience = PostgresPatience()
        patience.sleep = { _ in
            waits.continuation.yield()
            try await Task.sleep(for: .seconds(100))
        }
        let bench = PostgresBench(
            try PostgresURL(parsing: "postgres://a:b@127.0.0.1:\(try freePort())"), patience: patience)
        let place = try Places.place("cats")
        let task = Task { () -> AddOnError? in
            do throws(AddOnError) {
                try await bench.provide(place)
                return nil
            } catch { return error }
        }
        for await _ in waits.stream { break }
        task.cancel()
        let error = await task.value
        XCTAssertEqual(error, .cancelled)
    }
}
