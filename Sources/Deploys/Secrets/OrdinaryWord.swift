/// What stands in many texts that have nothing to do with it: `production`, `eu-north-1`, `http://localhost:3000`.
/// Hidden everywhere, it would be missing there, and show by that what the secret is.
enum OrdinaryWord {
    private static let maxBytes = 24
    private static let maxWords = 2
    private static let maxNumbers = 1
    /// Of a word.
    private static let maxLetters = 14
    /// Behind a word's letters.
    private static let maxEndDigits = 2
    /// Of a number.
    private static let maxDigits = 6

    /// One or two words, in lower case, in capitals or with a capital at the beginning, a number, or both, with signs
    /// between them. What is made at random, as keys and passwords are, is longer, or mixes letters, capitals and
    /// digits.
    static func isOne(_ value: String) -> Bool {
        guard value.utf8.count <= maxBytes, value.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        let parts = value.utf8.split { !SecretShape.isAlphanumeric($0) }.map { String(decoding: $0, as: UTF8.self) }
        let numbers = parts.filter { $0.allSatisfy(\.isNumber) }
        return !parts.isEmpty && numbers.count <= maxNumbers && parts.count - numbers.count <= maxWords
            && parts.allSatisfy { isWord($0) || $0.allSatisfy(\.isNumber) && $0.count <= maxDigits }
    }

    private static func isWord(_ part: String) -> Bool {
        let letters = part.prefix { $0.isLetter }
        let digits = part.dropFirst(letters.count)
        return (1...maxLetters).contains(letters.count) && digits.count <= maxEndDigits
            && digits.allSatisfy(\.isNumber)
            && (letters.dropFirst().allSatisfy(\.isLowercase) || letters.allSatisfy(\.isUppercase))
    }
}
