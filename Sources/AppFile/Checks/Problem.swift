/// Something in a file that its author should change.
package struct Problem: Hashable, Codable, Sendable {
    package enum Severity: String, Codable, Sendable {
        case error, warning
    }

    /// The file, relative to the repository's root.
    package var path: String
    /// Counted from 1.
    package var line: Int
    /// Counted from 1, in Unicode scalars.
    package var column: Int
    package var severity: Severity
    /// What is wrong and what to do about it, in one or two sentences.
    package var message: String

    package init(
        path: String, line: Int, column: Int, severity: Severity = .error, message: String
    ) {
        self.path = path
        self.line = line
        self.column = column
        self.severity = severity
        self.message = message
    }
}

extension Problem: CustomStringConvertible {
    /// The form that editors and compilers use: `path:line:column: error: message`.
    package var description: String {
        "\(path):\(line):\(column): \(severity.rawValue): \(message)"
    }
}

extension Problem: Comparable {
    /// By path, then by place in the file; equal places by message, so that order is stable.
    package static func < (left: Problem, right: Problem) -> Bool {
        (left.path, left.line, left.column, left.message)
            < (right.path, right.line, right.column, right.message)
    }
}
