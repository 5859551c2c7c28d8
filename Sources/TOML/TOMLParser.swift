/// Reads TOML 1.0 from UTF-8 bytes in one pass.
struct TOMLParser {
    /// A limit keeps the recursion of nested arrays, and of whoever walks the result, off the
    /// end of the stack.
    static let maxNestingDepth = 128

    let bytes: UnsafeBufferPointer<UInt8>
    var offset = 0
    var builder = TOMLBuilder()
    /// How many `[` of arrays are open; a line break does not end the statement in them.
    var openArrays = 0
    private var tracker: PositionTracker
    private var table = TOMLBuilder.root
    private var errors: [TOMLError] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        tracker = PositionTracker(bytes: bytes, start: offset)
    }

    mutating func parse() -> TOMLDocument {
        if let invalid = firstInvalidUTF8(bytes) {
            errors = [notUTF8(at: invalid)]
        } else {
            parseStatements()
        }
        return TOMLDocument(table: builder.finish(), errors: errors)
    }

    private mutating func parseStatements() {
        while errors.count < TOMLDocument.maxErrors {
            do throws(TOMLError) {
                try skipEmptyLines()
                guard !isAtEnd else { return }
                if current == UInt8(ascii: "[") {
                    try parseHeader()
                } else {
                    try parseKeyValue()
                }
            } catch {
                errors.append(error)
                guard resume() else { return }
            }
        }
    }

    /// `key = value`
    private mutating func parseKeyValue() throws(TOMLError) {
        let path = try parseKeyPath()
        try expectEquals(after: path)
        let value = try parseValue(depth: builder.depth(of: table) + path.count)
        do throws(TOMLError) {
            try builder.set(path, value, in: table)
        } catch {
            // The text is well-formed here, so there is no need to look for the next line.
            errors.append(error)
        }
        try expectEndOfLine(after: "the value of `\(path)`")
    }

    /// `[table]` or `[[array of tables]]`
    private mutating func parseHeader() throws(TOMLError) {
        // Were a broken header skipped, its keys would count to the table before it.
        canResume = false
        let isElement = byte(offset + 1) == UInt8(ascii: "[")
        offset += isElement ? 2 : 1
        skipSpaces()
        let path = try parseKeyPath()
        let closing = isElement ? "]]" : "]"
        guard bytes[offset...].starts(with: closing.utf8) else {
            throw error(
                "`\(closing)` is missing in front of \(found()); write \(Self.opened(path, isElement))")
        }
        offset += closing.utf8.count
        do throws(TOMLError) {
            table = try isElement ? builder.openElement(path) : builder.openTable(path)
        } catch {
            errors.append(error)
            table = builder.openDetached()
        }
        canResume = true
        try expectEndOfLine(after: "the header \(Self.opened(path, isElement))")
    }

    private static func opened(_ path: TOMLKeyPath, _ isElement: Bool) -> String {
        isElement ? "`[[\(path)]]`" : "`[\(path)]`"
    }

    // MARK: Going on after a mistake

    /// False while the end of the current line need not be the end of the current statement.
    var canResume = true

    /// Moves to the line after a mistake; false when it is unclear what that line belongs to.
    private mutating func resume() -> Bool {
        var end = offset
        var last: UInt8 = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
            if !Self.isSpaceOrReturn(bytes[end]) { last = bytes[end] }
            end += 1
        }
        let isArrayClosed = openArrays == 0 || openArrays == 1 && last == UInt8(ascii: "]")
        guard canResume, isArrayClosed else { return false }
        openArrays = 0
        offset = end
        return true
    }
}

// MARK: Looking at the text

extension TOMLParser {
    var isAtEnd: Bool { offset >= bytes.count }

    /// The byte at the current offset, 0 at the end. 0 is no valid byte of a document, so it
    /// ends every run of valid ones.
    var current: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    func byte(_ at: Int) -> UInt8 { at < bytes.count ? bytes[at] : 0 }

    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    mutating func position() -> TOMLPosition { tracker.position(at: offset) }

    mutating func error(_ message: String) -> TOMLError {
        TOMLError(position: position(), message: message)
    }

    mutating func error(at offset: Int, _ message: String) -> TOMLError {
        TOMLError(position: tracker.position(at: offset), message: message)
    }

    static func tooDeep(at position: TOMLPosition) -> TOMLError {
        TOMLError(
            position: position,
            message: "tables and arrays are nested more than \(maxNestingDepth) levels deep here")
    }

    private mutating func notUTF8(at invalid: Int) -> TOMLError {
        let isUTF16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        return error(
            at: invalid,
            isUTF16
                ? "the file is UTF-16; save it as UTF-8"
                : "the byte 0x\(hex(bytes[invalid])) is no UTF-8 here; save the file as UTF-8")
    }

    private func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
