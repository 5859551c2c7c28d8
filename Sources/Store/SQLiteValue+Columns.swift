import Foundation
import SQLite

extension SQLiteValue {
    static func date(_ date: Date) -> SQLiteValue { .real(date.timeIntervalSinceReferenceDate) }
    static func text(orNull text: String?) -> SQLiteValue { text.map(SQLiteValue.text) ?? .null }
    static func integer(_ value: Int) -> SQLiteValue { .integer(Int64(value)) }
    static func integer(orNull value: Int?) -> SQLiteValue { value.map(SQLiteValue.integer) ?? .null }
    static func date(orNull date: Date?) -> SQLiteValue { date.map(SQLiteValue.date) ?? .null }
}

extension SQLiteRow {
    func date(_ column: String) -> Date { Date(timeIntervalSinceReferenceDate: real(column)) }
    func optionalDate(_ column: String) -> Date? {
        optionalReal(column).map(Date.init(timeIntervalSinceReferenceDate:))
    }
    func int(_ column: String) -> Int { Int(integer(column)) }
    func optionalInt(_ column: String) -> Int? { optionalInteger(column).map(Int.init) }
    func bool(_ column: String) -> Bool { integer(column) != 0 }
}
