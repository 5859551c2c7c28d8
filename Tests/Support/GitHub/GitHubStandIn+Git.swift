import Foundation
import HTTP
import Subprocess

/// Git over HTTP (git-http-backend(1), RFC 3875): reading with a token, nothing else.
extension GitHubStandIn {
    func git(_ request: HTTPRequest) async -> HTTPResponse {
        let parts = request.path.split(separator: "/", maxSplits: 2).map(String.init)
        guard parts.count == 3, parts[1].hasSuffix(".git") else { return .text(404, "Not Found\n") }
        guard let token = gitToken(request) else {
            var refusal = HTTPResponse.text(401, "No anonymous access\n")
            refusal.headers["WWW-Authenticate"] = "Basic realm=\"GitHub\""
            return refusal
        }
        let name = "\(parts[0])/\(parts[1].dropLast(4))"
        let (found, moved) = state.withLock { ($0.repository(name), $0.renamed[name.lowercased()]) }
        guard let repository = found else {
            guard let moved, let present = state.withLock({ $0.repositories[moved] }) else {
                return .text(404, "Repository not found.\n")
            }
            let query = request.query.map { "?\($0)" } ?? ""
            return HTTPResponse(status: 301, headers: [
                "Location": "\(url)/\(present.fullName).git/\(parts[2])\(query)"
            ])
        }
        guard mayUse(token, repository) else { return .text(404, "Repository not found.\n") }
        if let permissions = token.permissions, !Self.covers(permissions["contents"], "read") {
            return .text(403, "Write access to repository not granted.\n")
        }
        let isReading = parts[2] == "git-upload-pack" || request.query == "service=git-upload-pack"
        guard isReading else { return .text(403, "Write access to repository not granted.\n") }
        do { return try await backend(request, repository, "/" + parts[2]) } catch { return .text(500, "\(error)\n") }
    }

    /// Basic authentication with the token as the password of `x-access-token`
    /// (docs.github.com, "Authenticating as a GitHub App installation").
    private func gitToken(_ request: HTTPRequest) -> Token? {
        guard let field = request.headers["Authorization"], field.hasPrefix("Basic "),
            let data = Data(base64Encoded: String(field.dropFirst("Basic ".count)))
        else { return nil }
        let pair = String(decoding: data, as: UTF8.self).split(separator: ":", maxSplits: 1)
        guard pair.count == 2, pair[0] == "x-access-token" else { return nil }
        let now = now
        return state.withLock { $0.tokens[String(pair[1])] }.flatMap { $0.end > now ? $0 : nil }
    }

    private func backend(
        _ request: HTTPRequest, _ repository: Repository, _ path: String
    ) async throws -> HTTPResponse {
        var run = ProgramRun("git", ["http-backend"], timeLimit: .seconds(60))
        run.environment = [
            "GIT_PROJECT_ROOT": repository.directory.path, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": request.query ?? "", "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.headers["Content-Type"] ?? "", "CONTENT_LENGTH": "\(request.body.count)",
            "HTTP_CONTENT_ENCODING": request.headers["Content-Encoding"],
            "HTTP_GIT_PROTOCOL": request.headers["Git-Protocol"], "REMOTE_ADDR": "127.0.0.1",
        ]
        run.input = request.body
        run.maxOutputBytes = 256 << 20
        let output = try await run.run().output
        let end = Array("\r\n\r\n".utf8)
        guard let head = output.firstRange(of: end) else { throw TestFailure("git http-backend said nothing") }
        var response = HTTPResponse(status: 200, body: .bytes(Array(output[head.upperBound...])))
        for line in String(decoding: output[..<head.lowerBound], as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].trimmingCharacters(in: .whitespaces)
            if parts[0] == "Status" {
                response.status = Int(value.prefix(3)) ?? 500
            } else {
                response.headers[String(parts[0])] = value
            }
        }
        return response
    }
}
