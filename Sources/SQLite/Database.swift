/// One connection to one file, used by one thread at a time (the owner sees to that).
package final class Database {
    package init(path: String) throws(SQLiteError) { fatalError("not written yet") }

    /// Runs statements that return nothing; several may be separated by semicolons.
    package func execute(_ sql: String) throws(SQLiteError) { fatalError("not written yet") }

    /// Runs one statement with `?` parameters and returns its rows. Statements are prepared once and kept.
    @discardableResult
    package func run(_ sql: String, _ parameters: [SQLiteValue] = []) throws(SQLiteError) -> [SQLiteRow] {
        fatalError("not written yet")
    }

    package var lastInsertedRowID: Int64 { fatalError("not written yet") }
    package var changedRows: Int { fatalError("not written yet") }
}

package enum SQLiteValue: Sendable, Equatable {
    case null, integer(Int64), real(Double), text(String), blob([UInt8])
}

/// Columns by name; a wrong name or type is a programming error and traps with the SQL's column.
package struct SQLiteRow: Sendable {
    package func integer(_ column: String) -> Int64 { fatalError("not written yet") }
    package func text(_ column: String) -> String { fatalError("not written yet") }
    package func optionalInteger(_ column: String) -> Int64? { fatalError("not written yet") }
    package func optionalText(_ column: String) -> String? { fatalError("not written yet") }
    package func real(_ column: String) -> Double { fatalError("not written yet") }
    package func blob(_ column: String) -> [UInt8] { fatalError("not written yet") }
}

package struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// The extended result code: https://www.sqlite.org/rescode.html
    package let code: Int32
    package let message: String
    package var description: String { "SQLite: \(message) (code \(code))" }
    package var isDiskFull: Bool { code & 0xFF == 13 }
}
