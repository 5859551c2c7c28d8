import Deploys
import Foundation
import HTTP
import JSON

/// Calls of the Slack Web API (docs.slack.dev, "Using the Slack Web API"): JSON in, JSON out, the token in a header.
package struct SlackWebAPI: Sendable {
    let client: HTTPClient
    private let baseURL: String
    private let token: String
    private let mask: SecretMask

    /// Of a call that nobody waits for.
    package static let timeout = Duration.seconds(5)
    /// A longer wait than this one is cut: the workspace says again how long it still is.
    static let maxRetryAfterSeconds = 3_600.0
    /// Of what an answer tells besides its code.
    static let maxDetails = 5

    /// - Parameters:
    ///   - baseURL: `https://slack.com/api/`, or a stand-in's.
    ///   - mask: of values that no message may tell.
    package init(client: HTTPClient, baseURL: String, token: String, mask: SecretMask = SecretMask()) {
        self.mask = mask
        self.client = client
        self.baseURL = baseURL.hasSuffix("/") ? baseURL : baseURL + "/"
        self.token = token
    }

    /// - Parameter timeout: of the whole call. A `trigger_id` lives three seconds: `views.open` needs a short one.
    /// - Returns: an answer with `ok: true`.
    package func call(
        _ method: String, _ arguments: [String: JSON] = [:], within timeout: Duration = SlackWebAPI.timeout
    ) async throws(SlackCallError) -> JSON {
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await client.send(request(method, arguments, timeout))
        } catch {
            throw SlackCallError(error)
        }
        if response.status == 429 { throw .ratelimited(seconds: Self.retryAfter(response.headers)) }
        guard response.status == 200, let answer = try? JSON.parse(response.body) else {
            throw .unreachable(reason: "Slack answered \(response.status)", mayHaveActed: true)
        }
        guard answer["ok"] == true else { throw Self.refusal(answer, response.headers) }
        return answer
    }

    private static func retryAfter(_ headers: HTTPHeaders) -> Double {
        guard let seconds = headers["Retry-After"].flatMap(Double.init), seconds >= 0 else { return 1 }
        return min(seconds, maxRetryAfterSeconds)
    }

    private static func refusal(_ answer: JSON, _ headers: HTTPHeaders) -> SlackCallError {
        let code = answer["error"]?.string ?? "unknown_error"
        if code == "ratelimited" || code == "rate_limited" { return .ratelimited(seconds: retryAfter(headers)) }
        var details = (answer["errors"]?.array ?? []).compactMap(\.string)
        if details.isEmpty {
            details = (answer.at("response_metadata", "messages")?.array ?? []).compactMap(\.string)
        }
        if let needed = answer["needed"]?.string { details.append("it needs the scope \(needed)") }
        return .refused(code: code, details: Array(details.prefix(maxDetails)))
    }

    /// Reading methods take a query; JSON bodies are for the writing ones.
    private func request(_ method: String, _ arguments: [String: JSON], _ timeout: Duration) -> HTTPClientRequest {
        let headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        if Self.isReading(method) {
            var components = URLComponents()
            components.queryItems = arguments.sorted { $0.key < $1.key }.map { name, value in
                URLQueryItem(name: name, value: value.string ?? value.text)
            }
            // Servers read a plus as a space (WHATWG URL, section 5.1), and cursors may contain one.
            let query = components.percentEncodedQuery.map { "?" + $0.replacing("+", with: "%2B") } ?? ""
            return HTTPClientRequest("GET", baseURL + method + query, headers: headers, timeout: timeout)
        }
        var all = headers
        all.add("Content-Type", "application/json; charset=utf-8")
        return HTTPClientRequest(
            "POST", baseURL + method, headers: all, body: mask.withoutKnown(JSON.object(arguments)).bytes,
            timeout: timeout)
    }

    private static func isReading(_ method: String) -> Bool {
        let verbs = ["getUploadURLExternal", "history", "info", "list", "lookupByEmail", "members", "replies"]
        return verbs.contains(String(method.split(separator: ".").last ?? ""))
    }
}

extension SlackCallError {
    init(_ error: HTTPClientError) {
        self =
            switch error {
            case .cannotResolve(let host):
                .unreachable(reason: "the name \(host) can't be resolved", mayHaveActed: false)
            case .cannotConnect(let reason): .unreachable(reason: "no connection: \(reason)", mayHaveActed: false)
            case .untrusted(let reason):
                .unreachable(reason: "the server's certificate does not hold: \(reason)", mayHaveActed: false)
            default: .unreachable(reason: "\(error)", mayHaveActed: true)
            }
    }
}
