import Deploys
import Foundation
import HTTP
import JSON

/// Calls of the Slack Web API (docs.slack.dev, "Using the Slack Web API"): JSON in, JSON out, the token in a header.
package struct SlackWebAPI: Sendable {
    private let client: HTTPClient
    private let baseURL: String
    private let token: String

    static let timeout = Duration.seconds(5)

    /// - Parameter baseURL: `https://slack.com/api/`, or a stand-in's.
    package init(client: HTTPClient, baseURL: String, token: String) {
        self.client = client
        self.baseURL = baseURL.hasSuffix("/") ? baseURL : baseURL + "/"
        self.token = token
    }

    /// - Parameter isPost: a lost answer may hide a message that arrived.
    /// - Returns: an answer with `ok: true`.
    func call(
        _ method: String, _ arguments: [String: JSON], isPost: Bool
    ) async throws(SlackCallError) -> JSON {
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await client.send(request(method, arguments))
        } catch {
            throw .other(error.messengerError(method, isPost: isPost))
        }
        if response.status == 429 {
            let seconds = response.headers["Retry-After"].flatMap(Double.init)
            throw .other(.tryAgain(
                afterSeconds: seconds ?? 1, reason: "\(method): too many requests", mayHaveArrived: false))
        }
        guard response.status == 200, let answer = try? JSON.parse(response.body) else {
            throw .other(.tryAgain(
                afterSeconds: nil, reason: "\(method): Slack answered \(response.status)", mayHaveArrived: isPost))
        }
        guard answer["ok"] == true else {
            throw SlackCallError(method, answer["error"]?.string ?? "unknown_error", isPost: isPost)
        }
        return answer
    }

    /// Reading methods take a query; JSON bodies are for the writing ones.
    private func request(_ method: String, _ arguments: [String: JSON]) -> HTTPClientRequest {
        let headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        guard method.hasPrefix("chat.") || method.hasPrefix("views.") else {
            var components = URLComponents()
            components.queryItems = arguments.sorted { $0.key < $1.key }.map { name, value in
                URLQueryItem(name: name, value: value.string ?? value.text)
            }
            // Servers read a plus as a space (WHATWG URL, section 5.1), and cursors may contain one.
            let query = components.percentEncodedQuery.map { "?" + $0.replacing("+", with: "%2B") } ?? ""
            return HTTPClientRequest("GET", baseURL + method + query, headers: headers, timeout: Self.timeout)
        }
        var all = headers
        all.add("Content-Type", "application/json; charset=utf-8")
        return HTTPClientRequest(
            "POST", baseURL + method, headers: all, body: JSON.object(arguments).bytes, timeout: Self.timeout)
    }
}

extension HTTPClientError {
    fileprivate func messengerError(_ method: String, isPost: Bool) -> MessengerError {
        switch self {
        case .cannotResolve(let host):
            .tryAgain(afterSeconds: nil, reason: "\(method): the name \(host) can't be resolved", mayHaveArrived: false)
        case .cannotConnect(let reason):
            .tryAgain(afterSeconds: nil, reason: "\(method): no connection: \(reason)", mayHaveArrived: false)
        case .untrusted(let reason):
            .refused(reason: "\(method): the server's certificate does not hold: \(reason)")
        default:
            .tryAgain(afterSeconds: nil, reason: "\(method): \(self)", mayHaveArrived: isPost)
        }
    }
}
