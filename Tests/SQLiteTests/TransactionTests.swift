import TestSupport
import XCTest

@testable import SQLite

final class TransactionTests: XCTestCase {
    private struct Stop: Error {}

    private func withDatabase(_ body: (Database, String) throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "test.db").path
            let database = try Database(path: path)
            try database.execute("CREATE TABLE t (a INTEGER)")
            try body(database, path)
        }
    }

    private func numbers(_ database: Database) throws -> [Int64] {
        try database.run("SELECT a FROM t ORDER BY a").map { $0.integer("a") }
    }

    private func insert(_ number: Int64, into database: Database) throws {
        try database.run("INSERT INTO t VALUES (?)", [.integer(number)])
    }

    func testCommitsWhatReturns() async throws {
        try await withDatabase { database, path in
            let answer = try database.transaction {
                try insert(1, into: database)
                return "done"
            }
            XCTAssertEqual(answer, "done")
            XCTAssertEqual(try numbers(Database(path: path)), [1])
        }
    }

    func testUndoesWhatThrows() async throws {
        try await withDatabase { database, _ in
            XCTAssertThrowsError(try database.transaction {
                try insert(1, into: database)
                throw Stop()
            }) { XCTAssertTrue($0 is Stop) }
            XCTAssertFalse(database.isInTransaction)
            XCTAssertEqual(try numbers(database), [])
            try database.transaction { try insert(2, into: database) }
            XCTAssertEqual(try numbers(database), [2])
        }
    }

    func testUndoesWhenTheCommitFails() async throws {
        try await withDatabase { database, _ in
            try database.execute("""
                PRAGMA foreign_keys = ON;
                CREATE TABLE child (t REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
                CREATE TABLE parent (id INTEGER PRIMARY KEY)
                """)
            XCTAssertThrowsError(try database.transaction {
                try insert(1, into: database)
                try database.run("INSERT INTO child VALUES (9)")
            }) { XCTAssertEqual(($0 as? SQLiteError)?.isConstraint, true) }
            XCTAssertFalse(database.isInTransaction)
            XCTAssertEqual(try numbers(database), [])
        }
    }

    func testTakesTheWriteLockAtOnce() async throws {
        try await withDatabase { first, path in
            let second = try Database(path: path, busyTimeoutMilliseconds: 0)
            try first.transaction {
                XCTAssertThrowsError(try second.transaction {}) {
                    XCTAssertEqual(($0 as? SQLiteError)?.isBusy, true)
                }
            }
        }
    }

    func testSavepointsUndoTheirOwnChangesOnly() async throws {
        try await withDatabase { database, _ in
            try database.transaction {
                try insert(1, into: database)
                try? database.withSavepoint {
                    try insert(2, into: database)
                    try database.withSavepoint { try insert(3, into: database) }
                    throw Stop()
                }
                try database.withSavepoint {
                    try insert(4, into: database)
                    try? database.withSavepoint {
                        try insert(5, into: database)
                        throw Stop()
                    }
                }
            }
            XCTAssertEqual(try numbers(database), [1, 4])
        }
    }
}
