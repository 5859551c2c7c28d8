import Foundation

/// Somebody's words inside a sentence: as code, shortened, and unable to end the code early.
package func quoted(_ words: String) -> String {
    let maxCharacters = 80
    let visible = String(words.replacingEvery("`", with: "'").unicodeScalars.filter { !$0.properties.isBidiControl }
        .map(Character.init))
    return visible.count > maxCharacters ? "`\(visible.prefix(maxCharacters))…`" : "`\(visible)`"
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

extension Unicode.Scalar {
    /// `U+202E`
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
