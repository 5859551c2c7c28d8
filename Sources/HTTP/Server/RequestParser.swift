/// A request as it stood on the wire: its head, and its body with the transfer coding taken off.
struct ParsedRequest: Equatable {
    let head: RequestHead
    let body: [UInt8]
}

/// Turns bytes into requests, and knows nothing of sockets and time. The same bytes give the same
/// requests and the same refusal, however they are split.
struct RequestParser {
    enum Outcome: Equatable {
        /// All requests that are complete have been handed out.
        case needMore
        case request(ParsedRequest)
        /// Final: there is nothing to read on this connection after it.
        case refused(HTTPRefusal)
    }

    enum Stage: Equatable {
        /// Between requests.
        case idle
        case head
        case body
    }

    /// Clients may send an empty line too many after a body (RFC 9112, section 2.2).
    private static let maxLeadingEmptyLines = 2

    private let settings: HTTPServerSettings
    private var scanner: RequestHeadScanner
    private var leadingBytes = 0
    private var head: RequestHead?
    private var chunks: ChunkedDecoder?
    private var body: [UInt8] = []

    private(set) var stage = Stage.idle
    /// Whether the client waits to be told that it may send the body.
    private(set) var awaitsContinue = false
    /// Body bytes of the unfinished request that are held here.
    var bodyBytes: Int { body.count }

    init(_ settings: HTTPServerSettings) {
        self.settings = settings
        scanner = RequestHeadScanner(settings)
    }

    /// Reads from `position` on and moves `position` behind what it took. What it left must be handed in
    /// again, with more behind it.
    mutating func parse(_ input: Span<UInt8>, from position: inout Int) -> Outcome {
        do {
            if stage == .idle { try skipEmptyLines(input, &position) }
            if stage == .head { try parseHead(input, &position) }
            if stage == .body, try parseBody(input, &position), let head {
                let request = ParsedRequest(head: head, body: body)
                finishRequest()
                return .request(request)
            }
            return .needMore
        } catch {
            return .refused(error)
        }
    }

    /// To be called when the client has been told to go on.
    mutating func didContinue() { awaitsContinue = false }

    private mutating func skipEmptyLines(
        _ input: Span<UInt8>, _ position: inout Int
    ) throws(HTTPRefusal) {
        while position < input.count {
            let byte = input[position]
            if leadingBytes % 2 == 1 {
                guard byte == ByteClass.lineFeed else { throw .bareCarriageReturn }
            } else if byte != ByteClass.carriageReturn {
                stage = .head
                return
            }
            guard leadingBytes < 2 * Self.maxLeadingEmptyLines else { throw .malformedRequestLine }
            leadingBytes += 1
            position += 1
        }
    }

    private mutating func parseHead(_ input: Span<UInt8>, _ position: inout Int) throws(HTTPRefusal) {
        let rest = input.extracting(position..<input.count)
        guard try scanner.scan(rest) else { return }
        let head = try RequestHead(scanner, rest, methods: settings.methods)
        position += scanner.position
        switch head.framing {
        case .none: break
        case .length(let count):
            let limit = settings.maxBodyBytes(Self.path(head.target))
            guard count <= limit else { throw .bodyTooLarge(limit: limit) }
        case .chunked:
            chunks = ChunkedDecoder(settings, maxBodyBytes: settings.maxBodyBytes(Self.path(head.target)))
        }
        awaitsContinue = head.expectsContinue && head.framing != .none
        self.head = head
        stage = .body
    }

    private static func path(_ target: String) -> String {
        target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target
    }

    /// Returns whether the body is complete.
    private mutating func parseBody(
        _ input: Span<UInt8>, _ position: inout Int
    ) throws(HTTPRefusal) -> Bool {
        guard let framing = head?.framing, framing != .none else { return true }
        // A client that has begun to send does not wait for our word any more.
        if position < input.count { awaitsContinue = false }
        guard case .length(let length) = framing else {
            return try chunks?.decode(input, from: &position, into: &body) ?? true
        }
        let count = min(length - body.count, input.count - position)
        makeRoom(for: count, of: length)
        input.extracting(position..<position + count).withUnsafeBufferPointer {
            body.append(contentsOf: $0)
        }
        position += count
        return body.count == length
    }

    /// What a client says is believed at once up to this; room for more is made when it has sent as much.
    private static let maxTrustedBodyBytes = 1 << 20

    /// In two steps, for an array that grows by doubling holds its content twice, and half as much again.
    private mutating func makeRoom(for count: Int, of length: Int) {
        if body.isEmpty {
            body.reserveCapacity(max(count, min(length, Self.maxTrustedBodyBytes)))
        } else if body.count + count > body.capacity {
            body.reserveCapacity(length)
        }
    }

    private mutating func finishRequest() {
        scanner.reset()
        stage = .idle
        leadingBytes = 0
        head = nil
        chunks = nil
        body = []
        awaitsContinue = false
    }
}
