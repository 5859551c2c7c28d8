import JSON

/// Reads the part of YAML 1.2.2 (https://yaml.org/spec/1.2.2/) that configuration files are written in: one document of
/// mappings and sequences in block and flow form, with scalars of every style.
///
/// Anchors, aliases, tags, directives, further documents, keys that are no scalars, and equal keys in one mapping are
/// refused: nothing is read as something else than it says.
package enum YAML {
    package static let maxBytes = 4 << 20
    /// Mappings and sequences within one another. They are read by functions that call themselves.
    package static let maxDepth = 100
    /// A key and its value stand on one line, and a key is at most so long (section 7.4.2).
    package static let maxKeyBytes = 1024

    /// - Returns: plain scalars as the core schema (section 10.3.2) has them; keys as the text that was written. An
    ///   empty document is null.
    package static func parse(_ bytes: some Sequence<UInt8>) throws(YAMLError) -> JSON {
        var parser = try YAMLParser(bytes)
        return try parser.document()
    }

    package static func parse(_ text: String) throws(YAMLError) -> JSON { try parse(text.utf8) }
}
