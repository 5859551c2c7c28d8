import Foundation
import XCTest

@testable import HTTP

/// Where a server can listen, and what it says where it cannot.
final class ServerAddressTests: ServerTestCase {
    func testATakenPortIsNamed() throws {
        try start()
        var settings = HTTPServerSettings()
        settings.port = port
        XCTAssertThrowsError(try HTTPServer(settings, handler: ServerTestCase.echo).start()) { error in
            XCTAssertEqual(error as? HTTPServerError, .addressTaken(address: "127.0.0.1:\(port)"))
            XCTAssertTrue("\(error)".contains("127.0.0.1:\(port)"), "\(error)")
            XCTAssertTrue("\(error)".contains("choose another port"), "\(error)")
        }
    }

    func testWrongHostsAreNamed() throws {
        for host in ["no such host", "203.0.113.1"] {
            var settings = HTTPServerSettings()
            settings.port = 0
            settings.host = host
            XCTAssertThrowsError(try HTTPServer(settings, handler: ServerTestCase.echo).start()) { error in
                XCTAssertTrue("\(error)".contains(host), "\(error)")
            }
        }
    }

    func testListensOnAllKindsOfAddresses() throws {
        for host in ["0.0.0.0", "localhost", "127.0.0.1"] {
            try start { $0.host = host } handler: { .text(200, $0.peer) }
            XCTAssertEqual(try ask("GET / HTTP/1.0\r\n\r\n").text, "127.0.0.1", host)
            tearDown()
        }
    }

    func testListensOnIPv6() throws {
        let probe = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard probe >= 0 else { throw XCTSkip("this machine has no IPv6") }
        close(probe)
        do {
            try start { $0.host = "[::]" } handler: { .text(200, $0.peer) }
        } catch HTTPServerError.cannotListen {
            throw XCTSkip("this machine has no IPv6 address")
        }
        // A dual socket shows an IPv4 client as the IPv4 client it is.
        XCTAssertEqual(try ask("GET / HTTP/1.0\r\n\r\n").text, "127.0.0.1")
        tearDown()
        try start { $0.host = "::1" }
        XCTAssertGreaterThan(port, 0)
    }
}
