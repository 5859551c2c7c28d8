package enum SQLiteValue: Sendable, Equatable {
    case null, integer(Int64), real(Double), text(String), blob([UInt8])
}

/// Columns by name; a wrong name or type is a programming error and traps with the SQL's column.
package struct SQLiteRow: Sendable {
    let columns: SQLiteColumns
    let values: [SQLiteValue]

    /// The value as stored, of any type.
    package func value(_ column: String) -> SQLiteValue {
        switch columns.find(column) {
        case .success(let index): values[index]
        case .failure(let problem): preconditionFailure(problem.sentence)
        }
    }

    package func isNull(_ column: String) -> Bool { value(column) == .null }

    package func integer(_ column: String) -> Int64 {
        guard let result = optionalInteger(column) else { wrong(column, "an integer") }
        return result
    }

    package func text(_ column: String) -> String {
        guard let result = optionalText(column) else { wrong(column, "text") }
        return result
    }

    package func optionalInteger(_ column: String) -> Int64? {
        switch value(column) {
        case .integer(let result): result
        case .null: nil
        default: wrong(column, "an integer or NULL")
        }
    }

    package func optionalText(_ column: String) -> String? {
        switch value(column) {
        case .text(let result): result
        case .null: nil
        default: wrong(column, "text or NULL")
        }
    }

    package func real(_ column: String) -> Double {
        guard let result = optionalReal(column) else { wrong(column, "a number") }
        return result
    }

    /// Integers count as numbers: SQLite stores `1.0` as an integer where that saves space.
    package func optionalReal(_ column: String) -> Double? {
        switch value(column) {
        case .real(let result): result
        case .integer(let result): Double(result)
        case .null: nil
        default: wrong(column, "a number or NULL")
        }
    }

    package func blob(_ column: String) -> [UInt8] {
        guard let result = optionalBlob(column) else { wrong(column, "a blob") }
        return result
    }

    package func optionalBlob(_ column: String) -> [UInt8]? {
        switch value(column) {
        case .blob(let result): result
        case .null: nil
        default: wrong(column, "a blob or NULL")
        }
    }

    private func wrong(_ column: String, _ wanted: String) -> Never {
        preconditionFailure(mismatch(column, wanted: wanted))
    }

    /// Names the type that was found but not the value, which may be a secret.
    func mismatch(_ column: String, wanted: String) -> String {
        let found = switch value(column) {
        case .null: "NULL"
        case .integer: "an integer"
        case .real: "a real number"
        case .text: "text"
        case .blob: "a blob"
        }
        return "column '\(column)' holds \(found), not \(wanted), in: \(columns.sql)"
    }
}

/// The names of a statement's columns, shared by all its rows.
final class SQLiteColumns: Sendable {
    let sql: String
    let names: [String]

    init(sql: String, names: [String]) {
        self.sql = sql
        self.names = names
    }

    struct Problem: Error {
        let sentence: String
    }

    func find(_ name: String) -> Result<Int, Problem> {
        guard let index = names.firstIndex(of: name) else {
            let known = names.joined(separator: ", ")
            return .failure(Problem(sentence: "no column '\(name)' (there are: \(known)) in: \(sql)"))
        }
        if names[(index + 1)...].contains(name) {
            return .failure(Problem(
                sentence: "two columns are named '\(name)'; tell them apart with AS, in: \(sql)"))
        }
        return .success(index)
    }
}
