/// Which parts of a text become a value: for texts that are far larger than what is wanted of them.
package indirect enum JSONSelection: Sendable {
    /// A string, a number, a truth value or null.
    case scalar
    /// Those members of an object.
    case members([String: JSONSelection])
    /// The first items of an array.
    case items(JSONSelection, maxCount: Int)
}

extension JSONSelection: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONSelection)...) {
        self = .members(Dictionary(elements) { _, last in last })
    }
}

extension JSON {
    /// Reads what is selected of exactly one value in UTF-8. All of the text is checked as `parse` does, but what is
    /// beside the selection takes no memory, however large it is; nor does a number there need to fit a `Double`.
    ///
    /// What is of another kind than selected is left out, and so are strings of more than `maxStringBytes` (as they
    /// are written); in an array, null stands in its place. A text that is of another kind as a whole reads as null.
    /// - Parameter maxDepth: nesting beyond it is refused.
    package static func parse(
        _ bytes: [UInt8], only selection: JSONSelection, maxStringBytes: Int = 1 << 20, maxDepth: Int = 200
    ) throws(JSONError) -> JSON {
        let depth = min(maxDepth, deepestNesting)
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, JSONError> in
            var parser = JSONParser(buffer, maxDepth: depth)
            do throws(JSONError) {
                return .success(try parser.document(only: selection, maxStringBytes: maxStringBytes))
            } catch { return .failure(error) }
        }
        return try result.get()
    }
}
