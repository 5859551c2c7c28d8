import JSON

/// What servers send, bytes in, messages out (https://docs.nats.io/reference/reference-protocols/nats-protocol).
struct NATSParser {
    enum Line: Equatable {
        case info(JSON)
        case message(NATSMessage)
        case ping
        case pong
        case ok
        /// In the server's words, without quotes.
        case error(String)
    }

    /// Of a cluster, INFO names every server.
    static let maxLineBytes = 64 << 10
    static let maxPayloadBytes = 8 << 20

    private var bytes: [UInt8] = []
    /// Up to here, `bytes` are taken.
    private var start = 0
    /// Up to here, no end of a line was found.
    private var searched = 0

    mutating func feed(_ more: [UInt8]) {
        bytes.removeFirst(start)
        searched -= start
        start = 0
        bytes += more
    }

    /// - Returns: nil when more bytes are needed.
    mutating func next() throws(NATSError) -> Line? {
        guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
            searched = bytes.count
            guard bytes.count - start <= Self.maxLineBytes else { throw .failed("it sends lines that are too long") }
            return nil
        }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline })
        guard let first = words.first?.uppercased() else { throw Self.foreign }
        if first == "MSG" || first == "HMSG" {
            return try message(words.dropFirst().map(String.init), hasHeaders: first == "HMSG", after: end + 1)
        }
        start = end + 1
        searched = start
        return try Self.line(first, text)
    }

    private static let foreign = NATSError.failed("it does not speak NATS")

    private static func line(_ word: String, _ text: String) throws(NATSError) -> Line {
        let rest = text.dropFirst(word.count).drop(while: \.isWhitespace)
        switch word {
        case "INFO":
            guard let info = try? JSON.parse(String(rest)) else { throw foreign }
            return .info(info)
        case "PING": return .ping
        case "PONG": return .pong
        case "+OK": return .ok
        case "-ERR": return .error(rest.filter { $0 != "'" && !$0.isNewline })
        default: throw foreign
        }
    }

    /// `MSG subject sid [reply] size`, or `HMSG subject sid [reply] headerSize size`; then the bytes and a line break.
    private mutating func message(
        _ words: [String], hasHeaders: Bool, after begin: Int
    ) throws(NATSError) -> Line? {
        let sizes = words.suffix(hasHeaders ? 2 : 1).map { Int($0) ?? -1 }
        let names = words.dropLast(sizes.count)
        guard (2...3).contains(names.count), let total = sizes.last, let headers = hasHeaders ? sizes.first : 0,
            headers >= 0, headers <= total, let subscription = Int(names[1])
        else { throw Self.foreign }
        guard total <= Self.maxPayloadBytes else { throw .failed("it sends a message of \(total) bytes") }
        guard bytes.count >= begin + total + 2 else { return nil }
        let text = String(decoding: bytes[begin..<begin + headers], as: UTF8.self)
        let payload = Array(bytes[begin + headers..<begin + total])
        start = begin + total + 2
        searched = start
        return .message(
            NATSMessage(
                subject: names[0], subscription: subscription, reply: names.count == 3 ? names[2] : nil,
                status: Self.status(text), payload: payload))
    }

    /// Of `NATS/1.0 503`.
    private static func status(_ headers: String) -> Int? {
        let line = headers.split(whereSeparator: \.isNewline).first ?? ""
        let words = line.split(separator: " ")
        return words.count > 1 ? Int(words[1]) : nil
    }
}

struct NATSMessage: Sendable, Equatable {
    let subject: String
    /// Which of our subscriptions it is for.
    let subscription: Int
    let reply: String?
    /// Of the headers; 503 when nobody listens for a request
    /// (https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-4.md).
    let status: Int?
    let payload: [UInt8]
}
