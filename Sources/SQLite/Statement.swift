import CSQLite

/// One prepared statement; finalised with its owner.
final class Statement {
    let sql: String
    /// When its owner used it last, in its owner's count.
    var lastUse: UInt64 = 0
    private let path: String
    private let connection: OpaquePointer
    private let handle: OpaquePointer
    private var columns: SQLiteColumns?
    private var columnsPreparedTimes: Int32 = -1

    init(connection: OpaquePointer, path: String, sql: String) throws(SQLiteError) {
        self.sql = sql
        self.path = path
        self.connection = connection
        var sql = sql
        var handle: OpaquePointer?
        var hasTail = false
        let code = sql.withUTF8 { text in
            text.withMemoryRebound(to: CChar.self) { text in
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    connection, text.baseAddress, Int32(text.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
                if let tail, let start = text.baseAddress {
                    hasTail = text[(tail - start)...].contains { !Self.blanks.contains($0) }
                }
                return code
            }
        }
        guard code == SQLITE_OK else {
            throw SQLiteError(handle: connection, code: code, path: path, sql: sql)
        }
        guard let handle else { preconditionFailure("no statement in: \(sql)") }
        precondition(!hasTail, "more than one statement; use execute for: \(sql)")
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    private static let blanks = Set(" \t\r\n;".utf8.map(CChar.init(bitPattern:)))

    /// Runs to the last row and makes the statement ready for its next use, also after an error.
    func run(_ parameters: [SQLiteValue]) throws(SQLiteError) -> [SQLiteRow] {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        let wanted = sqlite3_bind_parameter_count(handle)
        precondition(
            wanted == parameters.count, "\(parameters.count) values for \(wanted) parameters in: \(sql)")
        for (index, value) in parameters.enumerated() {
            try check(bind(value, at: Int32(index + 1)), is: SQLITE_OK)
        }
        var rows: [SQLiteRow] = []
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return rows }
            try check(code, is: SQLITE_ROW)
            rows.append(currentRow())
        }
    }

    private func check(_ code: Int32, is wanted: Int32) throws(SQLiteError) {
        guard code == wanted else {
            throw SQLiteError(handle: connection, code: code, path: path, sql: sql)
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(handle, index)
        case .integer(let value):
            return sqlite3_bind_int64(handle, index, value)
        case .real(let value):
            return sqlite3_bind_double(handle, index, value)
        case .text(var value):
            return value.withUTF8 { text in
                text.withMemoryRebound(to: CChar.self) { text in
                    // A null pointer would bind NULL, and an empty string may have one.
                    guard let start = text.baseAddress, !text.isEmpty else {
                        return sqlite3_bind_text(handle, index, "", 0, Self.copied)
                    }
                    return sqlite3_bind_text64(
                        handle, index, start, UInt64(text.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let value):
            guard !value.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            return sqlite3_bind_blob64(handle, index, value, UInt64(value.count), Self.copied)
        }
    }

    /// SQLITE_TRANSIENT, a macro that Swift cannot import: SQLite copies the bytes before it returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func currentRow() -> SQLiteRow {
        let columns = currentColumns()
        return SQLiteRow(
            columns: columns, values: columns.names.indices.map { currentValue(Int32($0)) })
    }

    /// SQLite prepares a statement again when the schema has changed, and `*` may then mean other columns.
    private func currentColumns() -> SQLiteColumns {
        let preparedTimes = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0)
        if let columns, preparedTimes == columnsPreparedTimes { return columns }
        let names = (0..<sqlite3_column_count(handle)).map { index in
            sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
        }
        let fresh = SQLiteColumns(sql: sql, names: names)
        columns = fresh
        columnsPreparedTimes = preparedTimes
        return fresh
    }

    private func currentValue(_ index: Int32) -> SQLiteValue {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT:
            return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            // The length comes second: asking for it first could measure another encoding.
            let start = sqlite3_column_text(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob(Array(UnsafeRawBufferPointer(start: start, count: count)))
        default:
            return .null
        }
    }
}
