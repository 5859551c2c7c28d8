/// A complete request head that means one thing only.
struct RequestHead: Equatable {
    let method: String
    /// Origin form, or `*`.
    let target: String
    let headers: HTTPHeaders
    let isHTTP10: Bool
    let keepsAlive: Bool
    let expectsContinue: Bool
    let framing: BodyFraming

    /// Judges what the scanner found in `input`.
    init(
        _ scan: borrowing RequestHeadScanner, _ input: Span<UInt8>, methods: [String]
    ) throws(HTTPRefusal) {
        guard let method = methods.first(where: { input.isEqual(to: $0, at: scan.method) }) else {
            throw .unknownMethod
        }
        self.method = method
        isHTTP10 = scan.minorVersion == 0

        var message = MessageFraming()
        for field in scan.fields { try message.note(field, input) }
        guard message.host != nil || isHTTP10 else { throw .missingHost }
        if let host = message.host, !host.isEmpty, !HostSyntax.isValid(input, host) {
            throw .invalidHost
        }
        framing = try message.body(isHTTP10: isHTTP10)
        keepsAlive = message.keepsAlive(isHTTP10: isHTTP10)
        expectsContinue = try message.expectsContinue(isHTTP10: isHTTP10)

        let form = try RequestTarget(input, scan.target, isOptions: method == "OPTIONS")
        target = form.originForm(input)
        var headers = HTTPHeaders()
        headers.reserveCapacity(scan.fields.count)
        for field in scan.fields {
            headers.add(input.text(field.name), input.text(field.value))
        }
        // RFC 9112, section 3.2.2: the target's own host wins over the Host field.
        if let authority = form.authority { headers["Host"] = input.text(authority) }
        self.headers = headers
    }
}

extension Span where Element == UInt8 {
    fileprivate func isEqual(to text: String, at range: Range<Int>) -> Bool {
        let bytes = text.utf8
        guard bytes.count == range.count else { return false }
        var index = range.lowerBound
        for byte in bytes {
            if self[index] != byte { return false }
            index += 1
        }
        return true
    }
}
