/// A value of a TOML document, with the place where it begins.
package struct TOMLValue: Sendable {
    package enum Content: Sendable {
        case string(String)
        case integer(Int)
        case float(Double)
        case boolean(Bool)
        case dateTime(TOMLDateTime)
        case date(TOMLDate)
        case time(TOMLTime)
        case array([TOMLValue])
        case table(TOMLTable)
    }

    package let content: Content

    /// Where the value begins: its first character, or for a table with a header, the first
    /// key part that names it.
    package let position: TOMLPosition

    package init(_ content: Content, at position: TOMLPosition) {
        self.content = content
        self.position = position
    }
}

extension TOMLValue {
    package var string: String? { if case .string(let value) = content { value } else { nil } }
    package var integer: Int? { if case .integer(let value) = content { value } else { nil } }
    package var float: Double? { if case .float(let value) = content { value } else { nil } }
    package var boolean: Bool? { if case .boolean(let value) = content { value } else { nil } }
    package var array: [TOMLValue]? { if case .array(let value) = content { value } else { nil } }
    package var table: TOMLTable? { if case .table(let value) = content { value } else { nil } }
}
