import Crypto
import JSON

/// One connection to a NATS server, for one thread, which may block on it
/// (https://docs.nats.io/reference/reference-protocols/nats-protocol).
final class NATSConnection {
    /// How a server is met.
    struct Terms: Sendable {
        var addresses: [NATSAddress]
        /// Certificates to trust instead of the system's. With it, nothing is said in the clear.
        var authoritiesPEM: String?
        var connectLimit = Duration.seconds(5)
    }

    private let socket: NATSSocket
    private var tls: TLSClient?
    private var parser = NATSParser()
    private var lastSubscription = 0
    /// For which somebody waits later.
    private var waiting: [NATSMessage] = []
    private static let maxWaitingMessages = 10_000

    /// Opens a connection to the first server that takes it.
    static func open(
        _ terms: Terms, as credentials: NATSCredentials, name: String, _ interrupt: NATSInterrupt
    ) throws(NATSError) -> NATSConnection {
        var last = NATSError.unreachable("it has no address")
        for address in terms.addresses {
            do throws(NATSError) {
                return try NATSConnection(address, terms, credentials, name, interrupt)
            } catch .unreachable(let reason) {
                last = .unreachable("\(address): \(reason)")
            }
        }
        throw last
    }

    private init(
        _ address: NATSAddress, _ terms: Terms, _ credentials: NATSCredentials, _ name: String,
        _ interrupt: NATSInterrupt
    ) throws(NATSError) {
        let deadline = ContinuousClock.now + terms.connectLimit
        socket = try NATSSocket(to: address, deadline: deadline, interrupt)
        guard case .info(let info) = try nextLine(deadline) else { throw .failed("it does not speak NATS") }
        let offersTLS = info["tls_required"]?.bool == true || info["tls_available"]?.bool == true
        let needsTLS = address.requiresTLS || terms.authoritiesPEM != nil
        if needsTLS, !offersTLS { throw .untrusted("it offers no TLS") }
        if needsTLS || info["tls_required"]?.bool == true {
            try startTLS(address.host, terms.authoritiesPEM, deadline)
        }
        let connect = Self.connect(credentials, nonce: info["nonce"]?.string ?? "", name: name)
        // In one go: a server that refuses us and has not read all resets the connection, and its reason is lost.
        try send("\(connect)\r\nPING", deadline)
        try waitForPong(deadline)
    }

    private static func connect(_ credentials: NATSCredentials, nonce: String, name: String) -> String {
        let options: JSON = [
            "verbose": false, "pedantic": false, "tls_required": false, "name": .string(name), "lang": "swift",
            "version": "1", "protocol": 1, "headers": true, "no_responders": true,
            "jwt": .string(credentials.token.text),
            "sig": .string(NATSToken.base64(credentials.key.key.sign(Array(nonce.utf8)))),
        ]
        return "CONNECT \(options.text)"
    }

    // MARK: Messages

    func publish(
        _ payload: [UInt8], to subject: String, reply: String? = nil, _ deadline: ContinuousClock.Instant
    ) throws(NATSError) {
        try send(
            "PUB \(subject) \(reply.map { "\($0) " } ?? "")\(payload.count)", payload: payload, deadline)
    }

    /// - Returns: what its messages bear as `subscription`.
    func subscribe(to subject: String, _ deadline: ContinuousClock.Instant) throws(NATSError) -> Int {
        lastSubscription += 1
        try send("SUB \(subject) \(lastSubscription)", deadline)
        return lastSubscription
    }

    /// The next message of a subscription; those of others are kept.
    func message(of subscription: Int, _ deadline: ContinuousClock.Instant) throws(NATSError) -> NATSMessage {
        if let index = waiting.firstIndex(where: { $0.subscription == subscription }) {
            return waiting.remove(at: index)
        }
        while true {
            guard case .message(let message) = try nextLine(deadline) else { continue }
            if message.subscription == subscription { return message }
            try keep(message)
        }
    }

    /// Asks, and takes the first answer.
    func request(
        _ payload: [UInt8], to subject: String, _ deadline: ContinuousClock.Instant
    ) throws(NATSError) -> [UInt8] {
        let inbox = "_INBOX.\(hex(randomBytes(16)))"
        let subscription = try subscribe(to: inbox, deadline)
        try publish(payload, to: subject, reply: inbox, deadline)
        let answer = try message(of: subscription, deadline)
        try send("UNSUB \(subscription)", deadline)
        if answer.status == Self.noRespondersStatus { throw .noResponders }
        return answer.payload
    }

    private static let noRespondersStatus = 503

    /// Returns when the server has done all that it was told before.
    func flush(_ deadline: ContinuousClock.Instant) throws(NATSError) {
        try send("PING", deadline)
        try waitForPong(deadline)
    }

    private func waitForPong(_ deadline: ContinuousClock.Instant) throws(NATSError) {
        while true {
            switch try nextLine(deadline) {
            case .pong: return
            case .message(let message): try keep(message)
            default: break
            }
        }
    }

    private func keep(_ message: NATSMessage) throws(NATSError) {
        guard waiting.count < Self.maxWaitingMessages else { throw .failed("it sends more than is read") }
        waiting.append(message)
    }

    // MARK: Lines

    /// - Throws: what the server complains about.
    private func nextLine(_ deadline: ContinuousClock.Instant) throws(NATSError) -> NATSParser.Line {
        while true {
            guard let line = try parser.next() else {
                parser.feed(try receive(deadline))
                continue
            }
            switch line {
            case .ping: try send("PONG", deadline)
            case .error(let words): throw Self.complaint(words)
            default: return line
            }
        }
    }

    private static func complaint(_ words: String) -> NATSError {
        switch words.lowercased() {
        case "authorization violation", "user authentication expired", "user authentication revoked": .unauthorized
        // It was too busy to look at us in time, or is about to end.
        case "authentication timeout", "stale connection", "server shutdown", "maximum connections exceeded":
            .unreachable(words.lowercased())
        default: .failed("it says: \(words)")
        }
    }

    private func send(
        _ line: String, payload: [UInt8]? = nil, _ deadline: ContinuousClock.Instant
    ) throws(NATSError) {
        let lineBreak = Array("\r\n".utf8)
        try sendBytes(Array(line.utf8) + lineBreak + (payload.map { $0 + lineBreak } ?? []), deadline)
    }

    // MARK: Bytes

    private func sendBytes(_ bytes: [UInt8], _ deadline: ContinuousClock.Instant) throws(NATSError) {
        guard let tls else { return try socket.send(bytes, deadline: deadline) }
        try Self.translated { () throws(TLSError) in try tls.write(bytes) }
        try socket.send(tls.output(), deadline: deadline)
    }

    private func receive(_ deadline: ContinuousClock.Instant) throws(NATSError) -> [UInt8] {
        guard let tls else { return try socket.receive(deadline: deadline) }
        while true {
            let clear = try Self.translated { () throws(TLSError) in try tls.read() }
            try socket.send(tls.output(), deadline: deadline)
            if !clear.isEmpty { return clear }
            if tls.isEnded { throw .unreachable("it closed the connection") }
            tls.receive(try socket.receive(deadline: deadline))
        }
    }

    private func startTLS(
        _ host: String, _ authoritiesPEM: String?, _ deadline: ContinuousClock.Instant
    ) throws(NATSError) {
        let client = try Self.translated { () throws(TLSError) in
            try TLSClient(host: host, authoritiesPEM: authoritiesPEM)
        }
        while true {
            let result = Result { () throws(TLSError) in try client.handshake() }
            // Also when it failed: the server shall know why.
            try socket.send(client.output(), deadline: deadline)
            if try Self.translated({ () throws(TLSError) in try result.get() }) { break }
            client.receive(try socket.receive(deadline: deadline))
        }
        tls = client
    }

    private static func translated<Value>(
        _ body: () throws(TLSError) -> Value
    ) throws(NATSError) -> Value {
        do throws(TLSError) { return try body() } catch {
            switch error {
            case .noAuthorities: throw .untrusted("there is no certificate among those to be trusted")
            case .untrusted(let reason): throw .untrusted("its certificate is not trusted: \(reason)")
            case .failed(let reason): throw .unreachable("there is no TLS with it: \(reason)")
            }
        }
    }
}
