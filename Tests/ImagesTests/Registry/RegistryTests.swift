import Deploys
import Foundation
import HTTP
import Synchronization
import TestSupport
import XCTest

@testable import Images

/// What a registry has, asked over HTTP.
final class RegistryTests: XCTestCase {
    private let digest = "sha256:" + String(repeating: "0", count: 64)

    private static var anyPort: HTTPServerSettings {
        var settings = HTTPServerSettings()
        settings.port = 0
        return settings
    }

    func testLocations() throws {
        let cases: [(String, server: String, repository: String, reference: String)] = [
            ("r.example/apps/cats@\(digest)", "https://r.example", "apps/cats", digest),
            ("r.example:5000/cats:1-2", "https://r.example:5000", "cats", "1-2"),
            ("127.0.0.1:5000/cats", "http://127.0.0.1:5000", "cats", "latest"),
            ("localhost/cats:1", "http://localhost", "cats", "1"), ("[::1]:5000/cats:1", "http://[::1]:5000", "cats", "1"),
            ("127.example.com/cats:1", "https://127.example.com", "cats", "1"),
            ("busybox", "https://registry-1.docker.io", "library/busybox", "latest"),
            ("acme/cats:1@\(digest)", "https://registry-1.docker.io", "acme/cats", digest),
        ]
        for (image, server, repository, reference) in cases {
            let location = try XCTUnwrap(ImageLocation(image), image)
            XCTAssertEqual(location.server, server)
            XCTAssertEqual(location.repository, repository)
            XCTAssertEqual(location.reference, reference)
        }
        for image in ["", "r.example/", "r.example/a?b:1", "r.example/a b", "r.example/a@", "r.example/../x#y"] {
            XCTAssertNil(ImageLocation(image), image)
        }
    }

    func testChallenges() {
        let challenge = AuthChallenge(#"Bearer realm="https://a.example/t?x=1",service="r",scope="repository:a:pull,push""#)
        XCTAssertEqual(challenge?.scheme, "bearer")
        XCTAssertEqual(
            challenge?.parameters, ["realm": "https://a.example/t?x=1", "service": "r", "scope": "repository:a:pull,push"])
        XCTAssertEqual(AuthChallenge("BASIC realm=x")?.parameters, ["realm": "x"])
        XCTAssertNil(AuthChallenge(" "))
    }

    private func config(_ root: URL, _ text: String) throws -> String {
        let file = root.appending(path: "config.json")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// The password of `tester` in Debian's docker-registry is `s3cret-of-the-registry`.
    func testPasswords() async throws {
        let hash = "tester:$2b$05$abcdefghijklmnopqrstuuW1e3orFpi1hSyUIjjQsvB7886Cb.S5."
        try await withTemporaryDirectory { root in
            let passwords = root.appending(path: "htpasswd")
            try Data(hash.utf8).write(to: passwords)
            let settings = "auth: {htpasswd: {realm: test, path: \"\(passwords.path)\"}}"
            try await DockerRegistry.with(settings) { host in
                let right = Data("tester:s3cret-of-the-registry".utf8).base64EncodedString()
                let wrong = Data("tester:s3cret".utf8).base64EncodedString()
                for (auth, isTaken) in [(right, true), (wrong, nil)] as [(String, Bool?)] {
                    let file = try config(root, #"{"auths":{"\#(host)":{"auth":"\#(auth)"}}}"#)
                    let registry = Registry(prefix: host, authFile: file, environment: [:])
                    try await put("apps/cats", host, auth: right)
                    let has = await registry.has("\(host)/apps/cats:1")
                    XCTAssertEqual(has, isTaken)
                    let hasOther = await registry.has("\(host)/apps/cats:2")
                    XCTAssertEqual(hasOther, isTaken.map { _ in false })
                }
                let anonymous = await Registry(prefix: host, environment: [:]).has("\(host)/apps/cats:1")
                XCTAssertNil(anonymous)
            }
        }
    }

    /// A manifest without layers, by the registry's own API.
    private func put(_ repository: String, _ host: String, auth: String) async throws {
        let http = HTTPClient()
        let headers: HTTPHeaders = ["Authorization": "Basic " + auth]
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let begun = try await http.send(
            HTTPClientRequest("POST", "http://\(host)/v2/\(repository)/blobs/uploads/", headers: headers))
        let place = try XCTUnwrap(begun.headers["Location"])
        _ = try await http.send(HTTPClientRequest("PUT", place + "&digest=" + empty, headers: headers))
        let type = "application/vnd.docker.distribution.manifest.v2+json"
        let manifest = #"{"schemaVersion":2,"mediaType":"\#(type)","config":{"mediaType":"#
            + #""application/vnd.docker.container.image.v1+json","size":0,"digest":"\#(empty)"},"layers":[]}"#
        var whole = headers
        whole["Content-Type"] = type
        let answer = try await http.send(
            HTTPClientRequest(
                "PUT", "http://\(host)/v2/\(repository)/manifests/1", headers: whole, body: Array(manifest.utf8)))
        XCTAssertEqual(answer.status, 201, String(decoding: answer.body, as: UTF8.self))
    }

    // MARK: tokens

    /// A registry that takes tokens of a service beside it, as most do.
    private func withTokens(
        _ body: (_ host: String, _ asked: @Sendable () -> [HTTPRequest]) async throws -> Void
    ) async throws {
        let asked = Mutex<[HTTPRequest]>([])
        let port = Mutex(0)
        let server = HTTPServer(Self.anyPort) { request in
            asked.withLock { $0.append(request) }
            if request.path == "/token" { return .text(200, #"{"token":"a-token-for-once"}"#) }
            if request.headers["Authorization"] == "Bearer a-token-for-once" { return HTTPResponse(status: 200) }
            let realm = "http://127.0.0.1:\(port.withLock { $0 })/token"
            return HTTPResponse(
                status: 401,
                headers: ["WWW-Authenticate": #"Bearer realm="\#(realm)",service="r",scope="repository:apps/cats:pull""#])
        }
        let number = try server.start()
        port.withLock { $0 = number }
        try await body("127.0.0.1:\(number)") { asked.withLock { $0 } }
        await server.stop(grace: .seconds(1))
    }

    func testTokensForAPasswordAndForNone() async throws {
        try await withTemporaryDirectory { root in
            try await withTokens { host, asked in
                let file = try config(root, #"{"auths":{"https://\#(host)":{"username":"a","password":"b"}}}"#)
                let registry = Registry(prefix: host, authFile: file, environment: [:])
                let has = await registry.has("\(host)/apps/cats@\(digest)")
                XCTAssertEqual(has, true)
                let requests = asked()
                XCTAssertEqual(requests.map(\.method), ["HEAD", "GET", "HEAD"])
                XCTAssertEqual(requests[0].target, "/v2/apps/cats/manifests/\(digest)")
                XCTAssertNil(requests[0].headers["Authorization"])
                XCTAssertEqual(requests[1].target, "/token?scope=repository%3Aapps%2Fcats%3Apull&service=r")
                XCTAssertEqual(requests[1].headers["Authorization"], "Basic YTpi")
                let anonymous = await Registry(prefix: host, environment: [:]).has("\(host)/apps/cats@\(digest)")
                XCTAssertEqual(anonymous, true)
                XCTAssertNil(asked()[4].headers["Authorization"])
            }
        }
    }

    func testRefreshTokens() async throws {
        try await withTemporaryDirectory { root in
            try await withTokens { host, asked in
                let file = try config(root, #"{"auths":{"\#(host)":{"auth":"YTo=","identitytoken":"refresh/me"}}}"#)
                let has = await Registry(prefix: host, authFile: file, environment: [:]).has("\(host)/apps/cats:1")
                XCTAssertEqual(has, true)
                XCTAssertEqual(asked()[1].method, "POST")
                let form = String(decoding: asked()[1].body, as: UTF8.self)
                XCTAssertTrue(form.contains("grant_type=refresh_token&client_id=iterapp&refresh_token=refresh%2Fme"), form)
            }
        }
    }

    func testHelpers() async throws {
        try await withTemporaryDirectory { root in
            let helper = root.appending(path: "docker-credential-test")
            try Data("#!/bin/sh\nread server\necho \"{\\\"Username\\\":\\\"$server\\\",\\\"Secret\\\":\\\"b\\\"}\"\n".utf8)
                .write(to: helper)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: helper.path)
            try await withTokens { host, asked in
                let file = try config(root, #"{"credHelpers":{"\#(host)":"test"}}"#)
                let registry = Registry(
                    prefix: host, authFile: file, environment: ["PATH": root.path + ":/usr/bin:/bin"])
                let has = await registry.has("\(host)/apps/cats:1")
                XCTAssertEqual(has, true)
                let basic = Data("\(host):b".utf8).base64EncodedString()
                XCTAssertEqual(asked()[1].headers["Authorization"], "Basic " + basic)
            }
        }
    }

    /// A registry's word is no reason to send a password anywhere.
    func testPasswordsStayHere() async throws {
        try await withTemporaryDirectory { root in
            let server = HTTPServer(Self.anyPort) { _ in
                HTTPResponse(
                    status: 401, headers: ["WWW-Authenticate": #"Bearer realm="http://elsewhere.example/token",service="r""#])
            }
            let host = "127.0.0.1:\(try server.start())"
            let file = try config(root, #"{"auths":{"\#(host)":{"username":"a","password":"b"}}}"#)
            let has = await Registry(prefix: host, authFile: file, environment: [:]).has("\(host)/apps/cats:1")
            XCTAssertNil(has)
            await server.stop(grace: .seconds(1))
        }
    }
}
