import Foundation
import TestSupport
import XCTest

@testable import SQLite

final class SQLiteErrorTests: XCTestCase {
    private func caught(_ body: () throws -> Void) throws -> SQLiteError {
        var result: SQLiteError?
        XCTAssertThrowsError(try body()) { result = $0 as? SQLiteError }
        return try XCTUnwrap(result)
    }

    private func withDatabase(_ body: (Database, String) throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "test.db").path
            try body(try Database(path: path), path)
        }
    }

    func testConstraintsCarryTheExtendedCode() async throws {
        try await withDatabase { database, _ in
            try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE, c CHECK (c > 0))")
            try database.run("INSERT INTO t VALUES (1, 'hush', 1)")
            let error = try caught {
                try database.run("INSERT INTO t VALUES (?, ?, ?)", [.integer(2), .text("hush"), .integer(1)])
            }
            XCTAssertEqual(error.code, 2067)
            XCTAssertTrue(error.isConstraint && error.isUniqueConstraint)
            XCTAssertTrue(error.message.contains("t.b"), error.message)
            XCTAssertFalse(error.message.contains("hush"), "parameters may be secrets")
            let key = try caught { try database.run("INSERT INTO t VALUES (1, 'x', 1)") }
            XCTAssertTrue(key.isUniqueConstraint)
            let check = try caught { try database.run("INSERT INTO t VALUES (3, 'x', 0)") }
            XCTAssertTrue(check.isConstraint && !check.isUniqueConstraint)
            // A statement that failed is ready for its next use.
            try database.run(
                "INSERT INTO t VALUES (?, ?, ?)", [.integer(2), .text("other"), .integer(1)])
        }
    }

    func testSyntaxErrorShowsTheStatement() async throws {
        try await withDatabase { database, _ in
            let error = try caught { try database.run("SELEKT 1") }
            XCTAssertEqual(error.code, 1)
            XCTAssertEqual(error.message, #"near "SELEKT": syntax error, in: SELEKT 1"#)
        }
    }

    func testFullDisk() async throws {
        try await withDatabase { database, path in
            try database.execute("CREATE TABLE t (a); PRAGMA max_page_count = 10")
            let error = try caught {
                for _ in 0..<20 { try database.run("INSERT INTO t VALUES (zeroblob(4096))") }
            }
            XCTAssertTrue(error.isDiskFull)
            XCTAssertTrue(error.message.contains("the disk that holds \(path) is full"), error.message)
            XCTAssertFalse(error.isCorrupt)
        }
    }

    func testFileThatIsNoDatabaseIsRefusedWhenOpened() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "notes.txt").path
            let notes = String(repeating: "Dear diary. ", count: 100)
            try notes.write(toFile: path, atomically: true, encoding: .utf8)
            let error = try caught { _ = try Database(path: path) }
            XCTAssertTrue(error.isCorrupt)
            XCTAssertTrue(error.message.contains("\(path) is not a SQLite database"), error.message)
            XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), notes)
        }
    }

    func testDamagedFile() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "test.db").path
            do {
                let database = try Database(path: path)
                try database.execute("CREATE TABLE t (a)")
                for _ in 0..<50 { try database.run("INSERT INTO t VALUES (zeroblob(1000))") }
            }
            let file = try XCTUnwrap(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: 4096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096 * 4))
            try file.close()
            let database = try Database(path: path)
            let error = try caught { try database.run("SELECT count(a) FROM t") }
            XCTAssertTrue(error.isCorrupt)
            XCTAssertTrue(error.message.contains("restore the file from a backup"), error.message)
        }
    }

    func testDirectoryThatIsMissing() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "no/such/test.db").path
            let error = try caught { _ = try Database(path: path) }
            XCTAssertEqual(error.code & 0xFF, 14)
            XCTAssertTrue(error.message.contains("cannot open \(path)"), error.message)
            XCTAssertTrue(error.message.contains("No such file or directory"), error.message)
        }
    }

    func testLockHeldByAnotherConnection() async throws {
        try await withDatabase { first, path in
            try first.execute("CREATE TABLE t (a); BEGIN IMMEDIATE")
            let second = try Database(path: path, busyTimeoutMilliseconds: 30)
            let started = ContinuousClock.now
            let error = try caught { try second.run("INSERT INTO t VALUES (1)") }
            XCTAssertTrue(error.isBusy)
            XCTAssertGreaterThanOrEqual(ContinuousClock.now - started, .milliseconds(25))
            try first.execute("COMMIT")
            try second.run("INSERT INTO t VALUES (1)")
        }
    }
}
