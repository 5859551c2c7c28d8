/// Reads what stands between a chunk's size and the end of its line (RFC 9112, section 7.1.1), and keeps none of it:
/// `*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )`.
///
/// By the letter, for whoever reads an extension in another way may see the line end elsewhere.
struct ChunkExtensions {
    private enum State {
        case sizeEnd, blankEnd
        case nameStart, name, nameEnd
        case valueStart, value, quoted, quotedPair, quotedEnd
    }

    private var state = State.sizeEnd

    /// Returns whether that byte is the CR that ends the line.
    mutating func take(_ byte: UInt8) throws(HTTPRefusal) -> Bool {
        switch state {
        case .sizeEnd, .name, .value, .quotedEnd:
            if byte == ByteClass.carriageReturn { return true }
            try takeWithin(byte)
        case .blankEnd, .nameEnd:
            if !ByteClass.isBlank(byte) { try takeSeparator(byte) }
        case .nameStart, .valueStart:
            if !ByteClass.isBlank(byte) { try begin(byte) }
        case .quoted:
            if byte == UInt8(ascii: "\"") {
                state = .quotedEnd
            } else if byte == UInt8(ascii: "\\") {
                state = .quotedPair
            } else {
                guard ByteClass.isFieldValue(byte) else { throw .invalidChunk }
            }
        case .quotedPair:
            guard ByteClass.isFieldValue(byte) else { throw .invalidChunk }
            state = .quoted
        }
        return false
    }

    private mutating func takeWithin(_ byte: UInt8) throws(HTTPRefusal) {
        if ByteClass.isBlank(byte) {
            state = state == .name ? .nameEnd : .blankEnd
        } else if !(state == .name || state == .value) || !ByteClass.isToken(byte) {
            try takeSeparator(byte)
        }
    }

    private mutating func takeSeparator(_ byte: UInt8) throws(HTTPRefusal) {
        if byte == UInt8(ascii: ";") {
            state = .nameStart
        } else {
            guard byte == UInt8(ascii: "="), state == .name || state == .nameEnd else { throw .invalidChunk }
            state = .valueStart
        }
    }

    private mutating func begin(_ byte: UInt8) throws(HTTPRefusal) {
        if state == .valueStart, byte == UInt8(ascii: "\"") {
            state = .quoted
        } else {
            guard ByteClass.isToken(byte) else { throw .invalidChunk }
            state = state == .nameStart ? .name : .value
        }
    }
}
