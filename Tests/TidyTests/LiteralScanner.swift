/// Finds the string literals of Swift source: enough of the language for the files of this checkout, which have
/// neither raw strings nor nested comments.
struct LiteralScanner {
    struct Literal: Equatable {
        let line: Int
        /// With `x` in place of what is interpolated.
        let text: String
        /// An argument of `log.info(…)`, `log.warning(…)` or `log.error(…)`.
        let isLogged: Bool
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// Of each parenthesis that is open, whether a logging function stands before it.
    private var parentheses: [Bool] = []
    private var found: [Literal] = []

    static func literals(in text: String) -> [Literal] {
        var scanner = LiteralScanner(bytes: Array(text.utf8))
        while scanner.position < scanner.bytes.count { scanner.step() }
        return scanner.found
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func sees(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    private mutating func step() {
        if sees("//") {
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        } else if sees("\"") {
            literal()
        } else {
            switch bytes[position] {
            case UInt8(ascii: "("): parentheses.append(isAfterLogging)
            case UInt8(ascii: ")"): _ = parentheses.popLast()
            case UInt8(ascii: "\n"): line += 1
            default: break
            }
            position += 1
        }
    }

    private var isAfterLogging: Bool {
        let before = bytes[max(0, position - 12)..<position]
        return ["log.info", "log.warning", "log.error"].contains { before.reversed().starts(with: $0.utf8.reversed()) }
    }

    private mutating func literal() {
        let (start, quotes) = (line, sees("\"\"\"") ? 3 : 1)
        var text: [UInt8] = []
        position += quotes
        while position < bytes.count, !(quotes == 3 ? sees("\"\"\"") : sees("\"")) {
            if sees("\\(") {
                text.append(UInt8(ascii: "x"))
                interpolation()
                continue
            }
            if sees("\\") { position += 1 }
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            text.append(bytes[position])
            position += 1
        }
        position += quotes
        found.append(
            Literal(line: start, text: String(decoding: text, as: UTF8.self), isLogged: parentheses.contains(true)))
    }

    /// Literals inside of it are found, too.
    private mutating func interpolation() {
        position += 1
        let depth = parentheses.count
        repeat { step() } while position < bytes.count && parentheses.count > depth
    }
}
