/// How long the body of a request is (RFC 9112, section 6.3).
enum BodyFraming: Equatable {
    case none
    case length(Int)
    case chunked
}

/// What the header fields say about the message itself: gathered field by field, then judged as a
/// whole, so that two fields which contradict each other are seen in any order.
struct MessageFraming {
    private var length: Int?
    private var hasTransferEncoding = false
    private var isChunked = false
    private var hasUnknownCoding = false
    private var hasClose = false
    private var hasKeepAlive = false
    private var hasOtherExpectation = false
    private var hasContinue = false
    private(set) var host: Range<Int>?

    /// Takes in one field; the name's length tells most fields apart without looking at them.
    mutating func note(_ field: RequestHeadScanner.Field, _ input: Span<UInt8>) throws(HTTPRefusal) {
        switch field.name.count {
        case 4 where input.has("host", at: field.name):
            guard host == nil else { throw .repeatedHost }
            host = field.value
        case 6 where input.has("expect", at: field.name):
            var members = ListMembers(field.value)
            while let member = members.next(input) {
                if input.has("100-continue", at: member) {
                    hasContinue = true
                } else {
                    hasOtherExpectation = true
                }
            }
        case 10 where input.has("connection", at: field.name):
            var members = ListMembers(field.value)
            while let member = members.next(input) {
                if input.has("close", at: member) { hasClose = true }
                if input.has("keep-alive", at: member) { hasKeepAlive = true }
            }
        case 14 where input.has("content-length", at: field.name):
            guard length == nil else { throw .repeatedLength }
            length = try Self.number(input, field.value)
        case 17 where input.has("transfer-encoding", at: field.name):
            try noteTransferEncoding(field.value, input)
        default:
            break
        }
    }

    private mutating func noteTransferEncoding(
        _ value: Range<Int>, _ input: Span<UInt8>
    ) throws(HTTPRefusal) {
        hasTransferEncoding = true
        var members = ListMembers(value)
        while let member = members.next(input) {
            // `chunked` must come last and only once (RFC 9112, section 6.1).
            guard !isChunked else { throw .invalidTransferEncoding }
            if input.has("chunked", at: member) {
                isChunked = true
            } else if member.count > 7,
                input.has("chunked", at: member.lowerBound..<member.lowerBound + 7),
                !ByteClass.isToken(input[member.lowerBound + 7])
            {
                throw .invalidTransferEncoding
            } else {
                hasUnknownCoding = true
            }
        }
    }

    /// 1*DIGIT that fits an Int; anything else could be read two ways.
    private static func number(_ input: Span<UInt8>, _ range: Range<Int>) throws(HTTPRefusal) -> Int {
        guard !range.isEmpty else { throw .invalidLength }
        var number = 0
        for index in range {
            guard ByteClass.isDigit(input[index]) else { throw .invalidLength }
            let (tens, overflowed) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowedToo) = tens.addingReportingOverflow(Int(input[index]) - 0x30)
            guard !overflowed, !overflowedToo else { throw .invalidLength }
            number = sum
        }
        return number
    }

    func body(isHTTP10: Bool) throws(HTTPRefusal) -> BodyFraming {
        guard hasTransferEncoding else {
            guard let length, length > 0 else { return .none }
            return .length(length)
        }
        if length != nil { throw .lengthAndTransferEncoding }
        if isHTTP10 { throw .transferEncodingInHTTP10 }
        if hasUnknownCoding { throw .unknownTransferCoding }
        guard isChunked else { throw .invalidTransferEncoding }
        return .chunked
    }

    /// RFC 9112, section 9.3.
    func keepsAlive(isHTTP10: Bool) -> Bool { !hasClose && (!isHTTP10 || hasKeepAlive) }

    /// Whether the client waits for `100 Continue`. An HTTP/1.0 client cannot
    /// (RFC 9110, section 10.1.1).
    func expectsContinue(isHTTP10: Bool) throws(HTTPRefusal) -> Bool {
        if isHTTP10 { return false }
        if hasOtherExpectation { throw .unknownExpectation }
        return hasContinue
    }
}
