/// Takes a chunked body apart (RFC 9112, section 7.1), one piece of input after the other.
/// Extensions and trailer fields are checked, counted and dropped.
struct ChunkedDecoder {
    private enum State {
        case firstDigit, size, extensions, sizeLineFeed
        case data, dataReturn, dataLineFeed
        case lineStart, trailerName, trailerValue, trailerLineFeed, lastLineFeed
    }

    private let maxBodyBytes: Int
    private let maxExtensionBytes: Int
    private let maxTrailerBytes: Int
    private var state = State.firstDigit
    private var remaining = 0
    private var extensions = ChunkExtensions()
    private var extensionBytes = 0
    private var trailerBytes = 0

    init(_ settings: HTTPServerSettings, maxBodyBytes: Int) {
        self.maxBodyBytes = maxBodyBytes
        maxExtensionBytes = settings.maxChunkExtensionBytes
        maxTrailerBytes = settings.maxTrailerBytes
    }

    /// Reads `input` from `position` on, appends data to `body`, and moves `position` behind what it
    /// took. Returns whether the body is complete.
    mutating func decode(
        _ input: Span<UInt8>, from position: inout Int, into body: inout [UInt8]
    ) throws(HTTPRefusal) -> Bool {
        while position < input.count {
            if state == .data {
                takeData(input, from: &position, into: &body)
                continue
            }
            let byte = input[position]
            position += 1
            switch state {
            case .firstDigit, .size, .extensions, .sizeLineFeed:
                try takeSizeLine(byte, bodyCount: body.count)
            case .dataReturn:
                guard byte == ByteClass.carriageReturn else { throw .invalidChunk }
                state = .dataLineFeed
            case .dataLineFeed:
                guard byte == ByteClass.lineFeed else { throw .invalidChunk }
                state = .firstDigit
            default:
                if try takeTrailer(byte) { return true }
            }
        }
        return false
    }

    private mutating func takeData(
        _ input: Span<UInt8>, from position: inout Int, into body: inout [UInt8]
    ) {
        let count = min(remaining, input.count - position)
        input.extracting(position..<position + count).withUnsafeBufferPointer {
            body.append(contentsOf: $0)
        }
        position += count
        remaining -= count
        if remaining == 0 { state = .dataReturn }
    }

    private mutating func takeSizeLine(_ byte: UInt8, bodyCount: Int) throws(HTTPRefusal) {
        switch state {
        case .firstDigit:
            guard let digit = ByteClass.hexValue(byte) else { throw .invalidChunk }
            remaining = digit
            state = .size
        case .size:
            if let digit = ByteClass.hexValue(byte) {
                guard remaining >> (Int.bitWidth - 5) == 0 else { throw .invalidChunk }
                // Zeros in front mean nothing, and could go on for ever.
                if remaining == 0 { try countExtension() }
                remaining = remaining << 4 | digit
            } else {
                extensions = ChunkExtensions()
                try takeExtension(byte)
            }
        case .extensions:
            try takeExtension(byte)
        default:
            guard byte == ByteClass.lineFeed else { throw .bareCarriageReturn }
            guard remaining <= maxBodyBytes - bodyCount else { throw .bodyTooLarge(limit: maxBodyBytes) }
            state = remaining == 0 ? .lineStart : .data
        }
    }

    private mutating func takeExtension(_ byte: UInt8) throws(HTTPRefusal) {
        if try extensions.take(byte) {
            state = .sizeLineFeed
        } else {
            state = .extensions
            try countExtension()
        }
    }

    private mutating func countExtension() throws(HTTPRefusal) {
        extensionBytes += 1
        guard extensionBytes <= maxExtensionBytes else {
            throw .chunkExtensionsTooLong(limit: maxExtensionBytes)
        }
    }

    /// Returns whether that byte ends the body.
    private mutating func takeTrailer(_ byte: UInt8) throws(HTTPRefusal) -> Bool {
        trailerBytes += 1
        guard trailerBytes <= maxTrailerBytes + 2 else { throw .trailersTooLarge(limit: maxTrailerBytes) }
        switch state {
        case .lineStart:
            if byte == ByteClass.carriageReturn {
                state = .lastLineFeed
            } else {
                guard !ByteClass.isBlank(byte) else { throw .foldedField }
                guard ByteClass.isToken(byte) else { throw .invalidFieldName }
                state = .trailerName
            }
        case .trailerName:
            if byte == UInt8(ascii: ":") {
                state = .trailerValue
            } else {
                guard !ByteClass.isBlank(byte) else { throw .spaceBeforeColon }
                guard ByteClass.isToken(byte) else { throw .invalidFieldName }
            }
        case .trailerValue:
            if byte == ByteClass.carriageReturn {
                state = .trailerLineFeed
            } else {
                guard ByteClass.isFieldValue(byte) else { throw .invalidFieldValue }
            }
        default:
            guard byte == ByteClass.lineFeed else { throw .bareCarriageReturn }
            if state == .lastLineFeed { return true }
            state = .lineStart
        }
        return false
    }
}
