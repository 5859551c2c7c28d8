import Foundation
import HTTP
import JSON

/// Whom a request is from.
struct GitHubAuthorization: Sendable {
    /// A token or a JWT.
    let secret: GitHubSecret
    /// Whose limits it counts against.
    let account: String
}

/// The one place from which requests go to GitHub: headers, redirects, limits, second attempts.
struct GitHubTransport: Sendable {
    let address: GitHubAddress
    let timing: GitHubTiming
    private let http: HTTPClient
    private let limits = RateLimits()
    private let pace = WritePace()
    private let turns = RequestTurns()

    static let apiVersion = "2022-11-28"
    static let maxAnswerBytes = 16 << 20
    /// The first one included.
    static let maxAttempts = 3
    /// Of requests that nobody answers: people may wait for what comes of them, and each takes its whole time.
    static let maxUnansweredAttempts = 2
    static let firstDelay = Duration.milliseconds(500)
    /// A repository that was renamed twice is still found.
    static let maxRedirects = 4

    init(_ address: GitHubAddress, http: HTTPClient, timing: GitHubTiming) {
        self.address = address
        self.http = http
        self.timing = timing
    }

    /// - Parameter url: nil for the call's own; a further page's, which must be the API's.
    func send(
        _ call: GitHubCall, _ authorization: GitHubAuthorization, url: String? = nil
    ) async throws(GitHubError) -> GitHubAnswer {
        let url = url ?? address.api + call.target
        guard address.isOurs(url) else { throw .malformed("it leads to another server than \(address.api)") }
        var attempt = 1
        while true {
            do throws(GitHubError) {
                return try await followingRedirects(call, authorization, url)
            } catch {
                guard attempt < error.maxAttempts(at: call) else { throw error }
                let delay = Self.firstDelay * (1 << (attempt - 1)) * (0.5 + timing.random() / 2)
                do { try await timing.sleep(delay) } catch { throw .cancelled }
                attempt += 1
            }
        }
    }

    /// A renamed or transferred repository answers with a redirect to its present place (docs.github.com,
    /// "Best practices for using the REST API", "Follow redirects"), which is asked for the same with the
    /// same method.
    private func followingRedirects(
        _ call: GitHubCall, _ authorization: GitHubAuthorization, _ first: String
    ) async throws(GitHubError) -> GitHubAnswer {
        var url = first
        for _ in 0...Self.maxRedirects {
            let response = try await once(call, authorization, url)
            guard [301, 302, 307, 308].contains(response.status) else {
                return GitHubAnswer(
                    status: response.status, headers: response.headers, body: response.body, url: url)
            }
            guard let location = response.headers["Location"],
                let target = URL(string: location, relativeTo: URL(string: url))?.absoluteString, address.isOurs(target)
            else { throw .malformed("it redirects to another server than \(address.api)") }
            url = target
        }
        throw .malformed("it redirects again and again")
    }

    private func once(
        _ call: GitHubCall, _ authorization: GitHubAuthorization, _ url: String
    ) async throws(GitHubError) -> HTTPClientResponse {
        if call.changesContent { try await waitForTurn(authorization) }
        let response = try await turns.pass { () async throws(GitHubError) in
            // Looked at last, for others may have been refused meanwhile.
            if let date = limits.pause(of: authorization.account, now: timing.now()) { throw .rateLimited(until: date) }
            do throws(HTTPClientError) { return try await http.send(request(call, authorization, url)) } catch {
                throw GitHubError(error)
            }
        }
        let pause = limits.note(response, of: authorization.account, now: timing.now())
        switch response.status {
        case 200...299, 301, 302, 307, 308: return response
        case 304 where call.knownTag != nil: return response
        default:
            throw GitHubError(
                response, asking: "\(call.path.dropFirst())", pausedUntil: pause, hiding: authorization.secret)
        }
    }

    private func waitForTurn(_ authorization: GitHubAuthorization) async throws(GitHubError) {
        switch pace.turn(of: authorization.account, now: timing.now()) {
        case .now: break
        case .after(let seconds): do { try await timing.sleep(.seconds(seconds)) } catch { throw .cancelled }
        case .notBefore(let date): throw .rateLimited(until: date)
        }
    }

    private func request(
        _ call: GitHubCall, _ authorization: GitHubAuthorization, _ url: String
    ) -> HTTPClientRequest {
        var headers: HTTPHeaders = [
            "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": Self.apiVersion,
            "Authorization": "Bearer \(authorization.secret.value)",
        ]
        if let tag = call.knownTag { headers["If-None-Match"] = tag }
        if call.body != nil { headers["Content-Type"] = "application/json" }
        return HTTPClientRequest(
            call.method.rawValue, url, headers: headers, body: call.body?.bytes ?? [], timeout: timing.requestTimeout,
            maxBodyBytes: Self.maxAnswerBytes)
    }
}

extension GitHubError {
    /// How often to ask within seconds.
    fileprivate func maxAttempts(at call: GitHubCall) -> Int {
        switch self {
        case .unreachable: GitHubTransport.maxAttempts
        case .failing: call.mayBeRepeated ? GitHubTransport.maxAttempts : 1
        case .unanswered: call.mayBeRepeated ? GitHubTransport.maxUnansweredAttempts : 1
        default: 1
        }
    }
}
