import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import HTTP

/// What goes out, what comes back, and over which connection.
final class ClientSendTests: XCTestCase {
    private let client = HTTPClient()

    /// Answers each request with the request itself.
    private func echo() throws -> ClientPeer {
        try peer { connection in
            while true {
                let (head, body) = try connection.readRequest()
                let text = head + String(decoding: body, as: UTF8.self)
                try connection.answer(head.hasPrefix("HEAD ") ? "" : text)
            }
        }
    }

    private func sent(_ request: HTTPClientRequest) async throws -> String {
        String(decoding: try await client.send(request).body, as: UTF8.self)
    }

    func testEveryMethodWithAndWithoutBody() async throws {
        let peer = try echo()
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let plain = try await sent(HTTPClientRequest(method, peer.url + "/a?b=c"))
            XCTAssertTrue(plain.hasPrefix("\(method) /a?b=c HTTP/1.1\r\n"), plain)
            XCTAssertTrue(plain.hasSuffix("\r\n\r\n"), plain)
            let expectsBody = ["POST", "PUT", "PATCH"].contains(method)
            XCTAssertEqual(plain.contains("Content-Length: 0\r\n"), expectsBody, plain)

            let filled = try await sent(HTTPClientRequest(method, peer.url + "/", body: Array("x\0y".utf8)))
            XCTAssertTrue(filled.hasPrefix("\(method) / HTTP/1.1\r\n"), filled)
            XCTAssertTrue(filled.contains("Content-Length: 3\r\n"), filled)
            XCTAssertTrue(filled.hasSuffix("\r\n\r\nx\0y"), filled)
            for text in [plain, filled] {
                XCTAssertTrue(text.contains("Host: \(peer.address)\r\nUser-Agent: iterapp\r\n"), text)
                XCTAssertFalse(text.contains("Expect"), text)
                XCTAssertFalse(text.contains("Content-Type"), text)
            }
        }
    }

    func testHead() async throws {
        let peer = try peer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        let response = try await client.send(HTTPClientRequest("HEAD", peer.url, maxBodyBytes: 10))
        XCTAssertEqual(response.status, 200)
        XCTAssertEqual(response.headers["content-length"], "99999999")
        XCTAssertEqual(response.body, [])
    }

    func testBigBodyWithoutWaitingForPermission() async throws {
        let peer = try peer { connection in
            let (head, body) = try connection.readRequest()
            try connection.answer("\(body.count) \(head.lowercased().contains("expect"))")
        }
        let body = [UInt8](repeating: 7, count: 5 << 20)
        let text = try await sent(HTTPClientRequest("POST", peer.url, body: body))
        XCTAssertEqual(text, "\(5 << 20) false")
    }

    func testHeadersGoOutAsGiven() async throws {
        let peer = try echo()
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "X-Empty": "", "Authorization": "Bearer t\u{6F}ken ø",
            "User-Agent": "other", "Host": "cats.example", "X-Tab": "a\tb",
        ]
        headers.add("X-Twice", "1")
        headers.add("X-Twice", "2")
        headers.add("Content-Length", "17")
        headers.add("Transfer-Encoding", "chunked")
        headers.add("Expect", "100-continue")
        let text = try await sent(HTTPClientRequest("POST", peer.url, headers: headers, body: [65]))
        for line in [
            "Content-Type: application/json", "X-Empty:", "Authorization: Bearer token ø",
            "User-Agent: other", "Host: cats.example", "X-Tab: a\tb", "X-Twice: 1\r\nX-Twice: 2",
            "Content-Length: 1",
        ] {
            XCTAssertTrue(text.contains("\r\n\(line)\r\n"), "\(line) in \(text)")
        }
        for name in ["17", "chunked", "Expect", "iterapp"] { XCTAssertFalse(text.contains(name), text) }
    }

    func testWhatCouldSplitARequestIsNeverSent() async throws {
        let peer = try echo()
        let requests = [
            HTTPClientRequest("GET", peer.url, headers: ["X-Key": "hush\r\nX-Other: 1"]),
            HTTPClientRequest("GET", peer.url, headers: ["X-Key": "hush\n"]),
            HTTPClientRequest("GET", peer.url, headers: ["X-Key": "hush\0"]),
            HTTPClientRequest("GET", peer.url, headers: ["X-Key\r\nhush": "1"]),
            HTTPClientRequest("GET", peer.url, headers: ["hush: 1": "1"]),
            HTTPClientRequest("GET", peer.url, headers: ["": "hush"]),
            HTTPClientRequest("GET / HTTP/1.1\r\nhush:", peer.url),
            HTTPClientRequest("", peer.url),
            HTTPClientRequest("GET", peer.url + "/hush\r\nX: 1"),
            HTTPClientRequest("GET", peer.url + "/hush x"),
            HTTPClientRequest("GET", peer.url + "/hush/ø"),
        ]
        for request in requests {
            do throws(HTTPClientError) {
                _ = try await client.send(request)
                XCTFail("sent \(request)")
            } catch {
                guard case .broken(let reason) = error else { return XCTFail("\(error)") }
                XCTAssertFalse(reason.contains("hush"), reason)
            }
        }
        XCTAssertEqual(peer.connections, 0)
    }

    func testPathIsSentAsItIs() async throws {
        let peer = try echo()
        let text = try await sent(HTTPClientRequest("GET", peer.url + "/a/../b/%2e%2e//c?x=%20&y=+"))
        XCTAssertTrue(text.hasPrefix("GET /a/../b/%2e%2e//c?x=%20&y=+ HTTP/1.1\r\n"), text)
    }

    func testRedirectsAreAnswers() async throws {
        let peer = try peer(answering: "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")
        let response = try await client.send(HTTPClientRequest("GET", peer.url))
        XCTAssertEqual(response.status, 302)
        XCTAssertEqual(response.headers["location"], "/x")
        XCTAssertEqual(peer.connections, 1)
    }

    func testOtherProtocolsAreRefused() async throws {
        for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "dict://127.0.0.1/", "x://x", "", "http://"] {
            do throws(HTTPClientError) {
                _ = try await client.send(HTTPClientRequest("GET", url))
                XCTFail("sent \(url)")
            } catch {
                guard case .broken = error else { return XCTFail("\(error)") }
            }
        }
    }

    func testConnectionsAreUsedAgain() async throws {
        let peer = try echo()
        for _ in 0..<5 { _ = try await client.send(HTTPClientRequest("GET", peer.url)) }
        XCTAssertEqual(peer.connections, 1)
    }

    func testConnectionThatWasClosedMeanwhileIsReplaced() async throws {
        let peer = try peer { connection in
            _ = try connection.readRequest()
            try connection.answer("ok")
        }
        for _ in 0..<5 {
            let response = try await client.send(HTTPClientRequest("POST", peer.url, body: [1]))
            XCTAssertEqual(response.status, 200)
        }
        XCTAssertEqual(peer.connections, 5)
    }

    func testManyAtOnce() async throws {
        let peer = try echo()
        let client = client
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<150 {
                let request = HTTPClientRequest("POST", peer.url + "/\(number)", body: [1, 2, 3])
                group.addTask { try await client.send(request).status }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        XCTAssertEqual(statuses, Array(repeating: 200, count: 150))
    }

    func testUnixSocket() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "s").path
            let peer = try ClientPeer(unixSocket: path) { connection in
                try connection.answer(try connection.readRequest().head)
            }
            defer { peer.stop() }
            let text = try await sent(HTTPClientRequest("GET", "http://engine/v1.41/info", unixSocket: path))
            XCTAssertTrue(text.hasPrefix("GET /v1.41/info HTTP/1.1\r\nHost: engine\r\n"), text)
            await XCTAssertThrows(
                .cannotConnect(reason: "\(path)x: No such file or directory"),
                try await client.send(HTTPClientRequest("GET", "http://engine/", unixSocket: path + "x")))
        }
    }

    func testConnectToAnotherAddress() async throws {
        let peer = try echo()
        let request = HTTPClientRequest("GET", "http://cats.example:81/x", connectTo: peer.address)
        let text = try await sent(request)
        XCTAssertTrue(text.contains("Host: cats.example:81\r\n"), text)
    }

    func testProxyOfTheEnvironmentIsNotUsedForThisMachine() async throws {
        let peer = try echo()
        let proxy = try self.peer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy")
        setenv("http_proxy", proxy.url, 1)
        defer { unsetenv("http_proxy") }
        let port = peer.address.split(separator: ":")[1]
        for url in [peer.url, "http://localhost:\(port)", "http://cats.localhost:\(port)"] {
            _ = try await client.send(HTTPClientRequest("GET", url))
        }
        _ = try await client.send(
            HTTPClientRequest("GET", "http://cats.example/", connectTo: peer.address))
        XCTAssertEqual(proxy.connections, 0)
        let response = try await client.send(HTTPClientRequest("GET", "http://cats.example/"))
        XCTAssertEqual(response.body, Array("proxy".utf8), "elsewhere the operator's proxy is used")
    }
}

/// - Returns: when `body` threw exactly `expected`; records a failure otherwise.
func XCTAssertThrows<T>(
    _ expected: HTTPClientError, _ body: @autoclosure () async throws(HTTPClientError) -> T,
    file: StaticString = #filePath, line: UInt = #line
) async {
    do throws(HTTPClientError) {
        let result = try await body()
        XCTFail("no error but \(result)", file: file, line: line)
    } catch {
        XCTAssertEqual(error, expected, file: file, line: line)
    }
}
