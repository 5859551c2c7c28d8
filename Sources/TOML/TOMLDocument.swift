/// A TOML 1.0 document (https://toml.io/en/v1.0.0) that was read as far as it could be.
package struct TOMLDocument: Sendable {
    /// Everything that was understood; all of the document when there are no errors.
    package let table: TOMLTable

    /// The mistakes in it, in the order of the text, at most `maxErrors`.
    package let errors: [TOMLError]

    /// Reading stops after so many mistakes.
    package static let maxErrors = 50

    /// Deepest nesting of tables and arrays, dotted keys and headers counted by their parts.
    package static let maxNestingDepth = TOMLParser.maxNestingDepth

    /// Reads a whole document.
    ///
    /// A mistake in one setting does not hide the ones after it, unless it leaves open where
    /// the next one begins. One byte order mark at the start is skipped.
    package init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBufferPointer { buffer in
            var parser = TOMLParser(buffer)
            return parser.parse()
        }
    }

    init(table: TOMLTable, errors: [TOMLError]) {
        self.table = table
        self.errors = errors
    }
}

extension TOMLTable {
    /// Reads a document that must have no mistake.
    ///
    /// - Throws: the first mistake.
    package init(parsing bytes: [UInt8]) throws(TOMLError) {
        let document = TOMLDocument(bytes)
        if let first = document.errors.first { throw first }
        self = document.table
    }
}
