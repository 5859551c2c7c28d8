/// Finds the parts of a request head (RFC 9112, sections 3 and 5), one byte after the other, and
/// refuses at the first byte that cannot belong to one.
///
/// It remembers positions, not bytes: the caller hands in the same bytes again, with more behind
/// them, until the head is complete. No byte is looked at twice, and where the bytes were split
/// cannot change the outcome.
struct RequestHeadScanner {
    struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    private enum State {
        case method, target, version, lineFeed, fieldStart, fieldName, valueStart, value, lastLineFeed
    }

    private let maxHeadBytes: Int
    private let maxTargetBytes: Int
    private let maxHeaderFields: Int
    /// Long enough for every registered method (IANA HTTP Method Registry: 17 bytes).
    private static let maxMethodBytes = 32

    private var state = State.method
    private var partStart = 0
    /// Behind the last byte that was looked at; behind the whole head once it is complete.
    private(set) var position = 0
    private(set) var method = 0..<0
    private(set) var target = 0..<0
    private(set) var majorVersion: UInt8 = 0
    private(set) var minorVersion: UInt8 = 0
    private(set) var fields: [Field] = []

    init(_ settings: HTTPServerSettings) {
        maxHeadBytes = settings.maxHeadBytes
        maxTargetBytes = settings.maxTargetBytes
        maxHeaderFields = settings.maxHeaderFields
    }

    /// Makes ready for the next request, keeping the storage.
    mutating func reset() {
        state = .method
        partStart = 0
        position = 0
        fields.removeAll(keepingCapacity: true)
    }

    /// Looks at the bytes behind `position`; `input` begins with the head's first byte.
    /// Returns whether the head is complete.
    mutating func scan(_ input: Span<UInt8>) throws(HTTPRefusal) -> Bool {
        let end = min(input.count, maxHeadBytes)
        while position < end {
            switch state {
            case .method: try scanMethod(input, end)
            case .target: try scanTarget(input, end)
            case .version: try scanVersion(input[position])
            case .lineFeed:
                guard input[position] == ByteClass.lineFeed else { throw .bareCarriageReturn }
                position += 1
                state = .fieldStart
            case .fieldStart: try beginField(input[position])
            case .fieldName: try scanFieldName(input, end)
            case .valueStart:
                if ByteClass.isBlank(input[position]) { position += 1 } else { begin(.value) }
            case .value: try scanValue(input, end)
            case .lastLineFeed:
                guard input[position] == ByteClass.lineFeed else { throw .bareCarriageReturn }
                position += 1
                return true
            }
        }
        guard position < maxHeadBytes else { throw .headTooLarge(limit: maxHeadBytes) }
        return false
    }

    private mutating func begin(_ next: State) {
        state = next
        partStart = position
    }

    private mutating func scanMethod(_ input: Span<UInt8>, _ end: Int) throws(HTTPRefusal) {
        while position < end {
            let byte = input[position]
            if byte == ByteClass.space, position > partStart {
                method = partStart..<position
                position += 1
                return begin(.target)
            }
            guard ByteClass.isToken(byte) else { throw Self.refusal(of: byte, or: .invalidMethod) }
            position += 1
            guard position - partStart <= Self.maxMethodBytes else { throw .methodTooLong }
        }
    }

    private mutating func scanTarget(_ input: Span<UInt8>, _ end: Int) throws(HTTPRefusal) {
        while position < end {
            let byte = input[position]
            if byte == ByteClass.space, position > partStart {
                target = partStart..<position
                position += 1
                return begin(.version)
            }
            guard ByteClass.isTarget(byte) else {
                let isShort = byte == ByteClass.space || byte == ByteClass.carriageReturn
                throw Self.refusal(of: byte, or: isShort ? .malformedRequestLine : .invalidTarget)
            }
            position += 1
            guard position - partStart <= maxTargetBytes else {
                throw .targetTooLong(limit: maxTargetBytes)
            }
        }
    }

    /// Takes one byte of `HTTP/` DIGIT `.` DIGIT CR.
    private mutating func scanVersion(_ byte: UInt8) throws(HTTPRefusal) {
        let isRight: Bool
        switch position - partStart {
        case 0: isRight = byte == UInt8(ascii: "H")
        case 1, 2: isRight = byte == UInt8(ascii: "T")
        case 3: isRight = byte == UInt8(ascii: "P")
        case 4: isRight = byte == UInt8(ascii: "/")
        case 5:
            isRight = ByteClass.isDigit(byte)
            majorVersion = byte &- 0x30
        case 6: isRight = byte == UInt8(ascii: ".")
        case 7:
            isRight = ByteClass.isDigit(byte)
            minorVersion = byte &- 0x30
        default:
            isRight = byte == ByteClass.carriageReturn
            if isRight { state = .lineFeed }
        }
        guard isRight else { throw Self.refusal(of: byte, or: .malformedVersion) }
        position += 1
        // Fields of another major version may mean something else: do not read them.
        if state == .lineFeed, majorVersion != 1 { throw .unsupportedVersion }
    }

    private mutating func beginField(_ byte: UInt8) throws(HTTPRefusal) {
        if byte == ByteClass.carriageReturn {
            position += 1
            state = .lastLineFeed
        } else if ByteClass.isBlank(byte) {
            throw .foldedField
        } else if fields.count == maxHeaderFields {
            throw .tooManyFields(limit: maxHeaderFields)
        } else {
            begin(.fieldName)
        }
    }

    private mutating func scanFieldName(_ input: Span<UInt8>, _ end: Int) throws(HTTPRefusal) {
        while position < end {
            let byte = input[position]
            if byte == UInt8(ascii: ":"), position > partStart {
                fields.append(Field(name: partStart..<position, value: 0..<0))
                position += 1
                state = .valueStart
                return
            }
            guard ByteClass.isToken(byte) else {
                throw Self.refusal(
                    of: byte, or: ByteClass.isBlank(byte) ? .spaceBeforeColon : .invalidFieldName)
            }
            position += 1
        }
    }

    private mutating func scanValue(_ input: Span<UInt8>, _ end: Int) throws(HTTPRefusal) {
        while position < end, ByteClass.isFieldValue(input[position]) { position += 1 }
        guard position < end else { return }
        guard input[position] == ByteClass.carriageReturn else {
            throw Self.refusal(of: input[position], or: .invalidFieldValue)
        }
        var valueEnd = position
        while valueEnd > partStart, ByteClass.isBlank(input[valueEnd - 1]) { valueEnd -= 1 }
        fields[fields.count - 1].value = partStart..<valueEnd
        position += 1
        state = .lineFeed
    }

    /// Three bytes get their own sentence wherever they stand out of place, since a client's author
    /// has most trouble seeing them.
    private static func refusal(of byte: UInt8, or other: HTTPRefusal) -> HTTPRefusal {
        switch byte {
        case ByteClass.lineFeed: .bareLineFeed
        case 0: .nulByte
        default: other
        }
    }
}
