import XCTest

@testable import HTTP

/// Each case over a socket, with another request right behind it: that one is answered if, and only if, everybody must
/// agree on where the first one ends.
final class RFC9112Tests: ServerTestCase {
    private let behind = "GET /behind HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"

    private func bytes(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

    func testEveryCaseMeansOneThing() throws {
        try start(ServerRefusalTests.limit)
        for one in RFC9112Case.all {
            let client = try connect()
            try client.send(bytes(one.request + behind))
            try check(client, one.meaning, "\(one.section): \(one.request.debugDescription)")
        }
    }

    /// With a pause at every place where the case and its follower could be torn apart.
    func testEveryCaseMeansTheSameInPieces() throws {
        try start(ServerRefusalTests.limit)
        for one in RFC9112Case.all {
            let client = try connect()
            for byte in bytes(one.request + behind) {
                // A server that has refused stops reading at some point, and then sending fails.
                do { try client.send([byte]) } catch { break }
            }
            try check(client, one.meaning, "\(one.section), in pieces: \(one.request.debugDescription)")
        }
    }

    /// The samples, too, leave no doubt about what follows them.
    func testNothingIsAnsweredBehindARefusedSample() throws {
        try start(ServerRefusalTests.limit)
        for sample in ServerSamples.refused {
            // Where the whole text is the beginning of something longer, it would go on in the next request.
            guard sample.text.hasSuffix("\r\n") else { continue }
            let client = try connect()
            try client.send(sample.text + behind)
            try check(client, .refused(sample.status), sample.name)
        }
    }

    func testNoHandlerSeesHalfABody() throws {
        try start(ServerRefusalTests.limit)
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        for half in ["", "3", "3\r\n", "3\r\nab", "3\r\nabc", "3\r\nabc\r\n", "3\r\nabc\r\n0", "3\r\nabc\r\n0\r\n", "3\r\nabc\r\n0\r\nX: y\r\n"] {
            let client = try connect()
            try client.send(head + half)
            client.endSending()
            try check(client, .refused(400), half.debugDescription)
        }
        XCTAssertEqual(server.statistics.successes, 0)
    }

    private func check(_ client: RawClient, _ meaning: RFC9112Case.Meaning, _ name: String) throws {
        var response = try client.readResponse()
        while response.status == 100 { response = try client.readResponse() }
        switch meaning {
        case .refused(let status):
            XCTAssertEqual(response.status, status, "\(name): \(response.text)")
            XCTAssertEqual(response.field("Connection"), "close", name)
        case .last(let seen):
            XCTAssertEqual(response.text, seen, name)
            XCTAssertEqual(response.field("Connection"), "close", name)
        case .read(let seen):
            XCTAssertEqual(response.text, seen, name)
            XCTAssertEqual(try client.readResponse().text, "GET /behind b 0 ", name)
        }
        XCTAssertTrue(try client.isAtEnd(), "\(name): something more is answered")
    }
}
