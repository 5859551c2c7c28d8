import Foundation
import TestSupport
import XCTest

@testable import SQLite

final class DatabaseTests: XCTestCase {
    private func withDatabase(_ body: (Database, String) throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "test.db").path
            try body(try Database(path: path), path)
        }
    }

    func testKeepsEveryKindOfValue() async throws {
        try await withDatabase { database, _ in
            try database.execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n TEXT)")
            let text = "kød\0 🚀 ' \" ; --"
            let values: [SQLiteValue] = [
                .integer(.min), .real(-0.1), .text(text), .blob([0, 255, 1]), .null,
            ]
            try database.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", values)
            let others: [SQLiteValue] = [.integer(.max), .real(2), .text(""), .blob([]), .null]
            try database.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", others)

            let rows = try database.run("SELECT * FROM t ORDER BY i")
            XCTAssertEqual(rows.count, 2)
            XCTAssertEqual(rows[0].integer("i"), .min)
            XCTAssertEqual(rows[0].real("r"), -0.1)
            XCTAssertEqual(rows[0].text("s"), text)
            XCTAssertEqual(rows[0].blob("b"), [0, 255, 1])
            XCTAssertNil(rows[0].optionalText("n"))
            XCTAssertNil(rows[0].optionalInteger("n"))
            XCTAssertEqual(rows[1].integer("i"), .max)
            XCTAssertEqual(rows[1].real("r"), 2)
            XCTAssertEqual(rows[1].value("s"), .text(""), "an empty text is not NULL")
            XCTAssertEqual(rows[1].value("b"), .blob([]), "an empty blob is not NULL")
            XCTAssertTrue(rows[1].isNull("n"))
        }
    }

    func testTellsRowIDAndChanges() async throws {
        try await withDatabase { database, _ in
            try database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT)")
            for letter in ["a", "b", "b"] {
                try database.run("INSERT INTO t (s) VALUES (?)", [.text(letter)])
            }
            XCTAssertEqual(database.lastInsertedRowID, 3)
            try database.run("UPDATE t SET s = 'c' WHERE s = ?", [.text("b")])
            XCTAssertEqual(database.changedRows, 2)
            let returned = try database.run("DELETE FROM t WHERE s = ? RETURNING id", [.text("c")])
            XCTAssertEqual(returned.map { $0.integer("id") }, [2, 3])
        }
    }

    func testWrongColumnsAreExplained() async throws {
        try await withDatabase { database, _ in
            let sql = "SELECT 1 AS a, 'x' AS b, NULL AS c, 2 AS a"
            let row = try XCTUnwrap(database.run(sql).first)
            XCTAssertEqual(problem(row, "z"), "no column 'z' (there are: a, b, c, a) in: \(sql)")
            XCTAssertEqual(
                problem(row, "a"), "two columns are named 'a'; tell them apart with AS, in: \(sql)")
            XCTAssertEqual(
                row.mismatch("b", wanted: "an integer"),
                "column 'b' holds text, not an integer, in: \(sql)")
            XCTAssertEqual(
                row.mismatch("c", wanted: "text"), "column 'c' holds NULL, not text, in: \(sql)")
        }
    }

    private func problem(_ row: SQLiteRow, _ column: String) -> String? {
        guard case .failure(let problem) = row.columns.find(column) else { return nil }
        return problem.sentence
    }

    func testCacheIsBoundedAndKeepsWhatIsUsed() async throws {
        try await withDatabase { database, _ in
            let limit = Database.maxCachedStatements
            for number in 0..<(3 * limit) {
                XCTAssertEqual(try database.run("SELECT 'often' AS a").first?.text("a"), "often")
                XCTAssertEqual(try database.run("SELECT \(number) AS a").first?.integer("a"), Int64(number))
            }
            XCTAssertEqual(database.cachedStatements, limit)
        }
    }

    func testKeptStatementSeesANewColumn() async throws {
        try await withDatabase { database, _ in
            try database.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
            XCTAssertEqual(try database.run("SELECT * FROM t").first?.columns.names, ["a"])
            try database.execute("ALTER TABLE t ADD COLUMN b DEFAULT 7")
            XCTAssertEqual(try database.run("SELECT * FROM t").first?.integer("b"), 7)
        }
    }

    func testCloseGivesTheFileBack() async throws {
        try await withDatabase { database, path in
            try database.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a)")
            try database.run("INSERT INTO t VALUES (1)")
            XCTAssertTrue(FileManager.default.fileExists(atPath: path + "-wal"))
            database.close()
            database.close()
            // The last connection folds the log into the file; a statement left open would prevent that.
            XCTAssertFalse(FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }

    func testDroppingTheDatabaseGivesTheFileBack() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "test.db").path
            do {
                let database = try Database(path: path)
                try database.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a)")
                try database.run("SELECT * FROM t")
            }
            XCTAssertFalse(FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }
}

extension DatabaseTests {
    func testADatabaseIsForItsOwnerOnly() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "private.db").path
            let database = try Database(path: path)
            try database.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x)")
            for file in [path, path + "-wal", path + "-shm"] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                XCTAssertEqual(mode, 0o600, file)
            }
        }
    }
}

extension DatabaseTests {
    /// POSIX locks belong to the process: whoever opens and closes the file beside SQLite drops them all.
    func testASecondConnectionLeavesTheLocksOfTheFirst() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "locked.db").path
            let first = try Database(path: path)
            try first.execute("CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)")
            let second = try Database(path: path)
            let inode = try XCTUnwrap(FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int)
            let locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8)
            let own = locks.split(separator: "\n").filter { $0.contains(" \(getpid()) ") && $0.contains(":\(inode) ") }
            XCTAssertFalse(own.isEmpty, "the reserved lock is gone:\n\(locks)")
            try first.execute("COMMIT")
            XCTAssertEqual(try second.run("SELECT x FROM t").count, 1)
        }
    }
}
