@testable import HTTP

extension FuzzTarget {
    private static let settings = {
        var settings = HTTPServerSettings()
        settings.maxTargetBytes = 200
        settings.maxHeadBytes = 1_000
        settings.maxHeaderFields = 10
        settings.maxChunkExtensionBytes = 50
        settings.maxTrailerBytes = 60
        settings.maxBodyBytes = { $0 == "/small" ? 10 : 100 }
        return settings
    }()

    private static let words = [
        "\r\n", "\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "POST /small HTTP/1.1\r\nHost: a\r\n", "OPTIONS * HTTP/1.0\r\n",
        "Content-Length: ", "Transfer-Encoding: ", "chunked", "identity", "Connection: close\r\n", "keep-alive", "Expect: 100-continue\r\n",
        "Host: ", "http://a:80/", "https://[::1]", "HTTP/1.0", "0\r\n\r\n", "3\r\nabc\r\n", ";a=\"b\"", "ffffffffffffffff",
        "9223372036854775807", "\t", "\u{0}", "\u{80}", "X: y\r\n",
    ]

    // MARK: Requests

    /// Pipelined requests mean the same however they are split; and each means the same when it is written anew, in the
    /// plainest form.
    static let httpRequest = FuzzTarget("http-request", maxInputBytes: 3_000, words: words) { bytes in
        let whole = outcomes(bytes, pieceSizes: [bytes.count])
        try requireEqual(whole, outcomes(bytes, pieceSizes: [1]), "byte by byte, it is another")
        let sizes = bytes.prefix(8).map { Int($0 & 0x3F) + 1 }
        try requireEqual(whole, outcomes(bytes, pieceSizes: sizes), "in pieces of \(sizes), it is another")
        for case .request(let request) in whole { try checkIsPlain(request) }
    }

    /// All outcomes of bytes that come in pieces of those sizes, over and over; a refusal is the last.
    private static func outcomes(_ bytes: [UInt8], pieceSizes: [Int]) -> [RequestParser.Outcome] {
        var parser = RequestParser(settings)
        var outcomes: [RequestParser.Outcome] = []
        var rest: [UInt8] = []
        var start = 0
        var turn = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, pieceSizes[turn % pieceSizes.count]))
            rest += bytes[start..<end]
            start = end
            turn += 1
            var position = 0
            reading: while true {
                switch parser.parse(rest.span, from: &position) {
                case .needMore: break reading
                case .request(let request): outcomes.append(.request(request))
                case .refused(let refusal): return outcomes + [.refused(refusal)]
                }
            }
            rest.removeFirst(position)
        }
        return outcomes
    }

    private static func checkIsPlain(_ request: ParsedRequest) throws {
        let head = request.head
        let lines = head.headers.fields.map { "\($0.name): \($0.value)\r\n" }
        for line in lines {
            try require(!line.dropLast().contains { $0.isNewline && $0 != "\u{85}" && $0.isASCII }, "a field of two lines: \(line)")
        }
        try require(head.headers.all("Host").count <= 1, "two hosts")
        try require(head.headers.all("Content-Length").count <= 1, "two lengths")
        try require(
            head.headers["Transfer-Encoding"] == nil || head.headers["Content-Length"] == nil, "two ways to tell its length")
        try require(request.body.count <= 100, "a body of \(request.body.count) bytes")
        try require(head.target == "*" || head.target.hasPrefix("/"), "a target that is no path: \(head.target)")
        let framing = ["Content-Length", "Transfer-Encoding", "Expect"]
        let kept = head.headers.fields.filter { field in !framing.contains { field.name.lowercased() == $0.lowercased() } }
        var text = "\(head.method) \(head.target) HTTP/1.\(head.isHTTP10 ? 0 : 1)\r\n"
        for field in kept { text += "\(field.name): \(field.value)\r\n" }
        text += "Content-Length: \(request.body.count)\r\n\r\n"
        // What was replaced by U+FFFD, and the length, need more room than there was.
        var roomy = settings
        roomy.maxHeadBytes = 8_000
        roomy.maxHeaderFields = 12
        roomy.maxTargetBytes = 400
        var parser = RequestParser(roomy)
        var position = 0
        guard case .request(let again) = parser.parse((Array(text.utf8) + request.body).span, from: &position) else {
            throw Complaint("written anew, it is refused: \(text)")
        }
        try requireEqual(again.body, request.body, "written anew, it has another body")
        try requireEqual(again.head.target, head.target, "written anew, it has another target")
        try requireEqual(again.head.keepsAlive, head.keepsAlive, "written anew, it ends another way")
        let names = again.head.headers.fields.filter { $0.name != "Content-Length" }.map { "\($0.name): \($0.value)" }
        try requireEqual(names, kept.map { "\($0.name): \($0.value)" }, "written anew, it has other fields")
    }

    /// A chunked body, too, is the same however it is split, and the same when it is written anew.
    static let chunkedBody = FuzzTarget("chunked-body", maxInputBytes: 1_000, words: words) { bytes in
        let whole = decoded(bytes, pieceSizes: [bytes.count])
        try requireEqual(whole, decoded(bytes, pieceSizes: [1]), "byte by byte, it is another")
        try requireEqual(whole, decoded(bytes, pieceSizes: bytes.prefix(4).map { Int($0 & 0xF) + 1 }), "in pieces, it is another")
        guard case .whole(let body, let count) = whole else { return }
        try require(body.count <= 100, "a body of \(body.count) bytes")
        // Nothing but the last line's end ends it.
        try requireEqual(Array(bytes[..<count].suffix(2)), [0x0D, 0x0A], "the end is no end of a line")
        let plain = body.isEmpty ? [] : Array(String(body.count, radix: 16).utf8) + [0x0D, 0x0A] + body + [0x0D, 0x0A]
        let anew = plain + Array("0\r\n\r\n".utf8)
        try requireEqual(decoded(anew, pieceSizes: [7]), .whole(body, anew.count), "written anew, it is another")
    }

    private enum Decoded: Equatable {
        /// The body, and how many bytes it was made of.
        case whole([UInt8], Int)
        case begun([UInt8])
        case refused(HTTPRefusal)
    }

    private static func decoded(_ bytes: [UInt8], pieceSizes: [Int]) -> Decoded {
        var decoder = ChunkedDecoder(settings, maxBodyBytes: 100)
        var body: [UInt8] = []
        var start = 0
        var turn = 0
        while start < bytes.count {
            let end = min(bytes.count, start + max(1, pieceSizes[turn % pieceSizes.count]))
            turn += 1
            var position = 0
            do throws(HTTPRefusal) {
                let piece = Array(bytes[start..<end])
                if try decoder.decode(piece.span, from: &position, into: &body) { return .whole(body, start + position) }
            } catch { return .refused(error) }
            start = end
        }
        return .begun(body)
    }

    // MARK: Answers

    /// An answer that may be sent is as many lines as it has fields, and tells its length once, whatever its handler wrote.
    static let httpAnswer = FuzzTarget("http-answer", maxInputBytes: 1_000, words: words) { bytes in
        let parts = bytes.split(separator: 0xFF, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        var answer = HTTPResponse(status: 200 + Int(bytes.first ?? 0), body: .bytes(Array(bytes.suffix(20))))
        for part in parts.prefix(8) {
            let halves = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            answer.headers.add(String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
        }
        guard ResponseEncoder.isSendable(answer) else { return }
        let isHEAD = bytes.count % 2 == 0
        let framing = ResponseEncoder.framing(of: answer, isHEAD: isHEAD)
        var encoder = ResponseEncoder()
        var head: [UInt8] = []
        encoder.appendHead(answer, framing, closes: bytes.count % 3 == 0, to: &head)
        try requireEqual(Array(head.suffix(4)), Array("\r\n\r\n".utf8), "the head does not end")
        var lines = head.dropLast(4).split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        for index in lines.indices.dropLast() { try requireEqual(lines[index].popLast(), 0x0D, "a bare LF") }
        for line in lines {
            try require(!line.contains(0x0D) && !line.contains(0), "a control character in \(String(decoding: line, as: UTF8.self))")
            try require(!line.isEmpty, "an empty line inside of the head")
        }
        let names = lines.dropFirst().map { String(decoding: $0.prefix { $0 != 0x3A }, as: UTF8.self).lowercased() }
        try require(lines.count <= answer.headers.fields.count + 4, "more lines than fields")
        try require(names.filter { $0 == "content-length" }.count <= 1, "two lengths")
        try require(!names.contains("transfer-encoding"), "a length and chunks")
    }

    /// What a server says reaches us line by line, from libcurl.
    static let answerHead = FuzzTarget(
        "answer-head", maxInputBytes: 2_000, words: words + ["HTTP/1.1 100 Continue\r\n", "HTTP/2 200\r\n", " folded\r\n"]
    ) { bytes in
        var head = HTTPClientHead()
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let isTaken = Array(line + [0x0A]).withUnsafeBufferPointer { head.take(line: $0) }
            try require(isTaken, "a small head is too large")
        }
        try require(!head.isComplete || head.status >= 200, "complete with \(head.status)")
        for field in head.headers.fields {
            try require(!field.value.utf8.contains(0x0A) && !field.name.utf8.contains(0x0A), "a field of two lines")
        }
    }
}
