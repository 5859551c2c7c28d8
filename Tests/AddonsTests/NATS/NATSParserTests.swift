import XCTest

@testable import Addons

final class NATSParserTests: XCTestCase {
    private let stream = """
        INFO {"nonce":"x","tls_required":true} \r\n+OK\r\nPING\r\nMSG cats.meow 3 5\r\nhe\r\no\r\n\
        MSG a 1 _INBOX.b 0\r\n\r\nHMSG _INBOX.c 2 16 16\r\nNATS/1.0 503\r\n\r\n\r\nHMSG d 4 r 17 18\r\nNATS/1.0\r\na:1\r\n\r\nx\r\n\
        -ERR 'Authorization Violation'\r\npong\r\n
        """

    private func lines(_ text: String, pieces: Int) throws -> [NATSParser.Line] {
        var parser = NATSParser()
        var lines: [NATSParser.Line] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            parser.feed(Array(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
            while let line = try parser.next() { lines.append(line) }
        }
        return lines
    }

    func testALineIsTheSameInHoweverManyPiecesItComes() throws {
        let expected: [NATSParser.Line] = [
            .info(["nonce": "x", "tls_required": true]), .ok, .ping,
            .message(message("cats.meow", 3, "he\r\no")), .message(message("a", 1, "", reply: "_INBOX.b")),
            .message(message("_INBOX.c", 2, "", status: 503)), .message(message("d", 4, "x", reply: "r")),
            .error("Authorization Violation"), .pong,
        ]
        for pieces in [1, 2, 3, 7, 4_096] { XCTAssertEqual(try lines(stream, pieces: pieces), expected) }
    }

    private func message(
        _ subject: String, _ subscription: Int, _ text: String, reply: String? = nil, status: Int? = nil
    ) -> NATSMessage {
        NATSMessage(
            subject: subject, subscription: subscription, reply: reply, status: status, payload: Array(text.utf8))
    }

    func testAnythingElseIsRefused() {
        for text in [
            "HTTP/1.1 400 Bad Request\r\n", "\r\n", "INFO {\r\n", "MSG a\r\n", "MSG a b 1\r\n", "MSG a 1 -1\r\n",
            "MSG a 1 99999999999\r\n", "HMSG a 1 3 2\r\nxx\r\n", "MSG a 1 b c 1\r\n",
            String(repeating: "x", count: NATSParser.maxLineBytes + 1),
        ] {
            XCTAssertThrowsError(try lines(text, pieces: 5_000), String(text.prefix(20)))
        }
    }
}
