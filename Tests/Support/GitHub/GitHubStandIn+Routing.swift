import Crypto
import Foundation
import HTTP
import JSON

/// A request of the REST API that was read.
struct APIRequest: Sendable {
    let method: String
    /// The parts of the path behind `/api/v3`, decoded.
    let parts: [String]
    let query: [String: String]
    let body: JSON?
    let headers: HTTPHeaders

    init?(_ request: HTTPRequest, path: String) {
        method = request.method
        headers = request.headers
        parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            .map { $0.removingPercentEncoding ?? String($0) }
        query = Dictionary(
            (request.query ?? "").split(separator: "&").map { item in
                let sides = item.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
                return (sides[0], sides.count > 1 ? sides[1] : "")
            }, uniquingKeysWith: { $1 })
        if request.body.isEmpty {
            body = nil
        } else {
            guard let json = try? JSON.parse(request.body), json.object != nil else { return nil }
            body = json
        }
    }
}

/// What ends a request early: an error as GitHub words it.
struct APIRefusal: Error {
    let status: Int
    let message: String
    var errors: [JSON] = []
    var headers: [String: String] = [:]
}

extension GitHubStandIn {
    static let apiPath = "/api/v3"

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let isAPI = request.path.hasPrefix(Self.apiPath + "/")
        let path = isAPI ? String(request.path.dropFirst(Self.apiPath.count)) : request.path
        let index = state.withLock { state in
            state.exchanges.append(Exchange(
                method: request.method, path: path, query: request.query ?? "", body: request.body,
                headers: request.headers, status: 0))
            return state.exchanges.count - 1
        }
        state.withLock { $0.observer }?(request)
        var response = await failing(request, path) { isAPI ? await api(request, path) : await git(request) }
        if response.headers["Date"] == nil { response.headers["Date"] = Self.date(now) }
        let status = response.status
        state.withLock { $0.exchanges[index].status = status }
        return response
    }

    /// RFC 9110, section 5.6.7.
    static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: date)
    }

    private func failing(
        _ request: HTTPRequest, _ path: String, _ answer: () async -> HTTPResponse
    ) async -> HTTPResponse {
        switch plannedFault(request.method, path) {
        case nil: return await answer()
        case .status(let status, let message, let headers):
            return Self.error(APIRefusal(status: status, message: message, headers: headers))
        case .primaryLimit(let seconds):
            let reset = Int(now.timeIntervalSince1970) + seconds
            return Self.error(APIRefusal(
                status: 403, message: "API rate limit exceeded for installation.",
                headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "\(reset)"]))
        case .secondaryLimit(let seconds):
            return Self.error(APIRefusal(
                status: 403, message: "You have exceeded a secondary rate limit. Please wait a few minutes.",
                headers: seconds.map { ["Retry-After": "\($0)"] } ?? [:]))
        case .silence:
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            let isStopping = state.withLock { state in
                state.held.append(continuation)
                return state.isStopping
            }
            if !isStopping { for await _ in stream {} }
            return .text(503, "")
        case .stalled(let count): return stalled(await answer(), afterBytes: count)
        case .lostAnswer:
            _ = await answer()
            return HTTPResponse(status: 200, headers: ["Content-Length": "100"], body: .stream(
                AsyncThrowingStream { $0.finish(throwing: TestFailure("cut")) }))
        }
    }

    private func api(_ request: HTTPRequest, _ path: String) async -> HTTPResponse {
        let secret = Self.bearer(request.headers)
        do {
            try Self.checkHabits(request)
            guard let call = APIRequest(request, path: path) else {
                throw APIRefusal(status: 400, message: "Problems parsing JSON")
            }
            let answer = try await route(call, try caller(secret))
            return limited(marked(answer, request, secret))
        } catch let refusal as APIRefusal {
            return limited(Self.error(refusal))
        } catch {
            return limited(Self.error(APIRefusal(status: 500, message: "\(error)")))
        }
    }

    /// docs.github.com, "Getting started with the REST API": a User-Agent is demanded; an unknown version is refused.
    private static func checkHabits(_ request: HTTPRequest) throws {
        guard request.headers["User-Agent"]?.isEmpty == false else {
            throw APIRefusal(status: 403, message: "Request forbidden by administrative rules.")
        }
        guard request.headers["Accept"] == "application/vnd.github+json" else {
            throw APIRefusal(status: 415, message: "Must accept 'application/vnd.github+json'")
        }
        guard request.headers["X-GitHub-Api-Version"] == "2022-11-28" else {
            throw APIRefusal(status: 400, message: "The API version is missing or not supported.")
        }
        guard request.body.isEmpty || request.headers["Content-Type"]?.hasPrefix("application/json") == true else {
            throw APIRefusal(status: 415, message: "The body must be application/json")
        }
    }

    private static func bearer(_ headers: HTTPHeaders) -> String? {
        guard let field = headers["Authorization"] else { return nil }
        for scheme in ["Bearer ", "token "] where field.hasPrefix(scheme) { return String(field.dropFirst(scheme.count)) }
        return nil
    }

    /// Marks an answer with an ETag, which changes with who asks, and leaves out a body that the client has.
    private func marked(_ answer: HTTPResponse, _ request: HTTPRequest, _ secret: String?) -> HTTPResponse {
        guard request.method == "GET", answer.status == 200, case .bytes(let body) = answer.body else { return answer }
        let tag = "W/\"\(hex(sha256(body + Array((secret ?? "").utf8))))\""
        var answer = answer
        if request.headers["If-None-Match"] == tag {
            answer = HTTPResponse(status: 304, headers: answer.headers)
            answer.headers["Content-Type"] = nil
        }
        answer.headers["ETag"] = tag
        answer.headers["Vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP"
        return answer
    }

    /// docs.github.com, "Rate limits for the REST API": 304 is free.
    private func limited(_ answer: HTTPResponse) -> HTTPResponse {
        var answer = answer
        let isFree = answer.status == 304
        let left = state.withLock { state in
            if !isFree { state.requestsLeft = max(state.requestsLeft - 1, 0) }
            return state.requestsLeft
        }
        let fields = [
            ("x-ratelimit-limit", "\(Self.requestsPerHour)"), ("x-ratelimit-remaining", "\(left)"),
            ("x-ratelimit-used", "\(Self.requestsPerHour - left)"), ("x-ratelimit-resource", "core"),
            ("x-ratelimit-reset", "\(Int(now.timeIntervalSince1970) + 1_800)"),
        ]
        for (name, value) in fields where answer.headers[name] == nil { answer.headers[name] = value }
        return answer
    }

    static func json(_ status: Int, _ body: JSON, _ headers: [String: String] = [:]) -> HTTPResponse {
        var response = HTTPResponse(
            status: status, headers: ["Content-Type": "application/json; charset=utf-8"], body: .bytes(body.bytes))
        for (name, value) in headers { response.headers[name] = value }
        return response
    }

    static func error(_ refusal: APIRefusal) -> HTTPResponse {
        var body: JSON = [
            "message": .string(refusal.message), "documentation_url": "https://docs.github.com/rest",
            "status": .string("\(refusal.status)"),
        ]
        if !refusal.errors.isEmpty { body["errors"] = .array(refusal.errors) }
        return json(refusal.status, body, refusal.headers)
    }
}
