/// Why a text was refused. The reason never repeats what stands in the text: that may be secret.
package struct YAMLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Both count from 1; columns count characters (Unicode scalars).
    package let line: Int
    package let column: Int
    package let reason: String
    package var description: String { "line \(line), column \(column): \(reason)" }
}
