import Crypto
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

/// The stand-in takes only what GitHub does: a test that passes against it says something.
final class GitHubStandInTests: XCTestCase {
    private func send(
        _ bench: GitHubBench, _ method: String, _ path: String, _ body: JSON? = nil, token: String,
        headers: [String: String] = [:]
    ) async throws -> HTTPClientResponse {
        var fields: HTTPHeaders = [
            "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28",
            "Authorization": "Bearer \(token)", "Content-Type": "application/json",
        ]
        for (name, value) in headers { fields[name] = value }
        return try await HTTPClient().send(HTTPClientRequest(
            method, bench.gitHub.api + path, headers: fields, body: body?.bytes ?? []))
    }

    private func token(_ bench: GitHubBench, _ purpose: GitHubPurpose) async throws -> String {
        try await bench.client.credentials.authorization(for: bench.cats, purpose).secret.value
    }

    /// A JWT with these claims, signed with the App's key.
    private func webToken(_ bench: GitHubBench, header: JSON, _ claims: JSON) throws -> String {
        func encoded(_ bytes: [UInt8]) -> String {
            Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        let signed = encoded(header.bytes) + "." + encoded(claims.bytes)
        return signed + "." + encoded(try RSASigningKey(pem: bench.gitHub.keys.privatePEM).sign(Array(signed.utf8)))
    }

    func testAWebTokenMustBeAsGitHubWantsIt() async throws {
        try await GitHubBench.with { bench in
            let now = Int(Date.now.timeIntervalSince1970)
            let id = JSON.string(GitHubStandIn.appID)
            let cases: [(Int, JSON, JSON)] = [
                (200, ["alg": "RS256"], ["iss": id, "iat": .int(now - 60), "exp": .int(now + 540)]),
                (401, ["alg": "none"], ["iss": id, "iat": .int(now - 60), "exp": .int(now + 540)]),
                (401, ["alg": "HS256"], ["iss": id, "iat": .int(now - 60), "exp": .int(now + 540)]),
                (401, ["alg": "RS256"], ["iss": "1", "iat": .int(now - 60), "exp": .int(now + 540)]),
                (401, ["alg": "RS256"], ["iss": id, "iat": .int(now + 60), "exp": .int(now + 540)]),
                (401, ["alg": "RS256"], ["iss": id, "iat": .int(now - 60), "exp": .int(now + 660)]),
                (401, ["alg": "RS256"], ["iss": id, "iat": .int(now - 600), "exp": .int(now - 1)]),
                (401, ["alg": "RS256"], ["iss": id, "exp": .int(now + 540)]),
            ]
            for (status, header, claims) in cases {
                let token = try webToken(bench, header: header, claims)
                let answer = try await send(bench, "GET", "/app", token: token)
                XCTAssertEqual(answer.status, status, "\(header) \(claims)")
            }
            let unsigned = try webToken(bench, header: ["alg": "RS256"], cases[0].2).split(separator: ".").dropLast()
            let answer = try await send(bench, "GET", "/app", token: unsigned.joined(separator: ".") + ".AAAA")
            XCTAssertEqual(answer.status, 401)
        }
    }

    func testTokensEndAndMayDoOnlyWhatTheyAreFor() async throws {
        try await GitHubBench.with { bench in
            let (reading, checks) = (try await token(bench, .reading), try await token(bench, .checks))
            func status(_ path: String, _ token: String, _ headers: [String: String] = [:]) async throws -> Int {
                try await send(bench, "GET", path, token: token, headers: headers).status
            }
            var answers = [try await status("/repos/iterate/cats", reading)]
            answers.append(try await status("/repos/iterate/cats", reading, ["Accept": "text/html"]))
            answers.append(try await status("/repos/iterate/cats", reading, ["X-GitHub-Api-Version": "2011-01-01"]))
            answers.append(try await status("/repos/iterate/cats/git/matching-refs/heads/", checks))
            answers.append(try await status("/app", reading))
            try await bench.gitHub.addRepository("iterate", "dogs")
            answers.append(try await status("/repos/iterate/dogs", reading))
            answers.append(try await status("/repos/iterate/cats", "ghs_guessed"))
            bench.gitHub.setClock(aheadBySeconds: 3_700)
            answers.append(try await status("/repos/iterate/cats", reading))
            XCTAssertEqual(answers, [200, 415, 400, 403, 401, 404, 401, 401])
        }
    }

    func testCheckRunsAreLookedThrough() async throws {
        try await GitHubBench.with { bench in
            let sha = JSON.string(try await bench.gitHub.push(bench.repository, ["README": "cats"]))
            let token = try await token(bench, .checks)
            let output: JSON = ["title": "t", "summary": "s"]
            func annotated(_ count: Int, _ change: (inout JSON) -> Void = { _ in }) -> JSON {
                var annotation: JSON = [
                    "path": "a", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "m",
                ]
                change(&annotation)
                return ["title": "t", "summary": "s", "annotations": .array(Array(repeating: annotation, count: count))]
            }
            let action: JSON = ["label": "l", "identifier": "i", "description": "d"]
            let wrong: [[String: JSON]] = [
                ["name": ""], ["name": .null], ["head_sha": .string(String(repeating: "ab", count: 20))],
                ["head_sha": "main"], ["status": "waiting"], ["status": "completed"], ["conclusion": "fine"],
                ["conclusion": "stale"], ["status": "queued", "conclusion": "success"],
                ["completed_at": "2026-11-21T12:00:00Z"], ["started_at": "yesterday"], ["details_url": "iterapp"],
                ["output": ["title": "t"]], ["output": ["summary": "s"]],
                ["output": ["title": "t", "summary": .string(String(repeating: "s", count: 65_536))]],
                ["output": annotated(51)], ["output": annotated(1) { $0["end_line"] = 0 }],
                ["output": annotated(1) { $0["annotation_level"] = "error" }],
                ["output": annotated(1) { ($0["end_line"], $0["start_column"]) = (2, 1) }],
                ["actions": .array(Array(repeating: action, count: 4))],
                ["actions": [["label": "longer than 20 characters", "identifier": "i", "description": "d"]]],
                ["unheard_of": 1],
            ]
            func create(_ change: [String: JSON]) async throws -> Int {
                var body: JSON = ["name": "build", "head_sha": sha]
                for (name, value) in change { body[name] = value.isNull ? nil : value }
                return try await send(bench, "POST", "/repos/iterate/cats/check-runs", body, token: token).status
            }
            for change in wrong {
                let status = try await create(change)
                XCTAssertEqual(status, 422, "\(change.keys)")
            }
            XCTAssertEqual(bench.gitHub.checkRuns(of: "iterate/cats"), [])
            for change: [String: JSON] in [
                [:], ["conclusion": "success"], ["status": "completed", "conclusion": "timed_out"],
                ["output": output], ["output": annotated(50)], ["actions": [action, action, action]],
            ] {
                let status = try await create(change)
                XCTAssertEqual(status, 201, "\(change.keys)")
            }
        }
    }

    func testDeploymentsAreLookedThrough() async throws {
        try await GitHubBench.with { bench in
            let sha = JSON.string(try await bench.gitHub.push(bench.repository, ["README": "cats"]))
            let token = try await token(bench, .deployments)
            func create(_ body: JSON) async throws -> Int {
                try await send(bench, "POST", "/repos/iterate/cats/deployments", body, token: token).status
            }
            var answers = [try await create(["ref": "no-such-branch", "auto_merge": false])]
            answers.append(try await create(["ref": "main"]))
            answers.append(try await create([
                "ref": "main", "auto_merge": false, "description": .string(String(repeating: "d", count: 141)),
            ]))
            answers.append(try await create(["ref": sha, "auto_merge": false, "required_contexts": []]))
            XCTAssertEqual(answers, [422, 409, 422, 201])
            let id = try XCTUnwrap(bench.gitHub.deployments(of: "iterate/cats").first?["id"]?.int)
            func set(_ id: Int, _ body: JSON) async throws -> Int {
                try await send(bench, "POST", "/repos/iterate/cats/deployments/\(id)/statuses", body, token: token).status
            }
            answers = [try await set(id, ["state": "done"])]
            answers.append(try await set(id, ["state": "success", "environment_url": "cats.example.com"]))
            answers.append(try await set(id + 1, ["state": "success"]))
            answers.append(try await set(id, ["state": "success", "environment_url": "https://cats.example.com"]))
            XCTAssertEqual(answers, [422, 422, 404, 201])
        }
    }

    /// Git is let in by the token alone.
    func testGitNeedsAToken() async throws {
        try await GitHubBench.with { bench in
            try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let secret = try await token(bench, .reading)
            func status(_ user: String, _ password: String, _ service: String) async throws -> Int {
                let basic = Data("\(user):\(password)".utf8).base64EncodedString()
                return try await HTTPClient().send(HTTPClientRequest(
                    "GET", "\(bench.gitHub.url)/iterate/cats.git/info/refs?service=\(service)",
                    headers: ["Authorization": "Basic \(basic)"])).status
            }
            var answers = [try await status("x-access-token", secret, "git-upload-pack")]
            answers.append(try await status("x-access-token", "wrong", "git-upload-pack"))
            answers.append(try await status("somebody", secret, "git-upload-pack"))
            answers.append(try await status("x-access-token", secret, "git-receive-pack"))
            let checks = try await token(bench, .checks)
            answers.append(try await status("x-access-token", checks, "git-upload-pack"))
            bench.gitHub.uninstall(bench.installation.id)
            answers.append(try await status("x-access-token", secret, "git-upload-pack"))
            XCTAssertEqual(answers, [200, 401, 401, 403, 403, 401])
        }
    }

    func testAWebhookIsSignedForWhoKnowsTheSecret() async throws {
        try await GitHubBench.with { bench in
            let (got, settings) = (Watched<[HTTPRequest]>([]), HTTPServerSettings.anyPort)
            let server = HTTPServer(settings) { request in
                got.change { $0.append(request) }
                return .text(202, "")
            }
            let url = "http://127.0.0.1:\(try server.start())/github/webhooks"
            let sha = try await bench.gitHub.push(bench.repository, ["README": "cats"])
            let payload = bench.gitHub.pushPayload(bench.repository, branch: "main", after: sha)
            let answer = try await GitHubStandIn.deliver("push", payload, to: url, secret: "secret", id: "d1")
            XCTAssertEqual(answer.status, 202)
            let request = try XCTUnwrap(got.value.first)
            XCTAssertTrue(WebhookSignature(secret: "secret").holds(for: request))
            XCTAssertFalse(WebhookSignature(secret: "other").holds(for: request))
            XCTAssertEqual(request.headers["X-GitHub-Event"], "push")
            XCTAssertEqual(request.headers["X-GitHub-Delivery"], "d1")
            XCTAssertEqual(
                try JSON.parse(request.body).at("installation", "id"), .int(bench.installation.id))
            await server.stop(grace: .zero)
        }
    }
}

extension HTTPServerSettings {
    fileprivate static var anyPort: HTTPServerSettings {
        var settings = HTTPServerSettings()
        settings.port = 0
        return settings
    }
}
