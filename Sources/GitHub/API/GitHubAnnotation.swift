import JSON

/// What a check run says about lines of a file.
package struct GitHubAnnotation: Sendable, Equatable {
    package enum Level: String, Sendable { case notice, warning, failure }

    /// From the repository's root.
    package var path: String
    /// Counted from 1; the last one may be the first.
    package var lines: ClosedRange<Int>
    /// Counted from 1, for annotations of one line.
    package var column: Int?
    package var level: Level
    package var title: String?
    package var message: String

    package init(
        path: String, lines: ClosedRange<Int>, column: Int? = nil, level: Level, title: String? = nil, message: String
    ) {
        self.path = path
        self.lines = lines
        self.column = column
        self.level = level
        self.title = title
        self.message = message
    }

    static let maxTitleCharacters = 255
    static let maxMessageBytes = 64 << 10

    var body: JSON {
        var body: JSON = [
            "path": .string(path), "start_line": .int(max(lines.lowerBound, 1)),
            "end_line": .int(max(lines.upperBound, 1)), "annotation_level": .string(level.rawValue),
            "message": .string(message.isEmpty ? "…" : message.cut(toBytes: Self.maxMessageBytes)),
        ]
        body["title"] = title.map { .string(String($0.prefix(Self.maxTitleCharacters))) }
        // Columns are for annotations of one line only.
        if let column, lines.count == 1 {
            body["start_column"] = .int(column)
            body["end_column"] = .int(column)
        }
        return body
    }
}
