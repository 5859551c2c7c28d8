package struct JSONError: Error, Sendable, CustomStringConvertible {
    /// Both count from 1; columns count bytes.
    package let line: Int
    package let column: Int
    package let reason: String
    package var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSON {
    /// - Parameter maxDepth: nesting beyond it is refused.
    package static func parse(_ bytes: some Sequence<UInt8>, maxDepth: Int = 200) throws(JSONError) -> JSON {
        fatalError("not written yet")
    }

    package static func parse(_ text: String, maxDepth: Int = 200) throws(JSONError) -> JSON {
        try parse(text.utf8, maxDepth: maxDepth)
    }

    /// The shortest text: keys in byte order, slashes unescaped, characters as UTF-8 (what server-side
    /// apply needs: Kubernetes reads the body as YAML). The same value always gives the same bytes.
    package var text: String { fatalError("not written yet") }
    package var bytes: [UInt8] { fatalError("not written yet") }
    /// Two spaces of indentation, for people.
    package var prettyText: String { fatalError("not written yet") }
}
