package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Both count from 1; columns count bytes.
    package let line: Int
    package let column: Int
    package let reason: String
    package var description: String { "line \(line), column \(column): \(reason)" }
}
