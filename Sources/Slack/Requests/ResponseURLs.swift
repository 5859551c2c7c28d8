import Deploys
import Foundation
import HTTP
import JSON

/// Answers to a button's presser go to the `response_url` that came with the press; our HTTP answer shows nothing
/// (docs.slack.dev, "Handling user interaction").
package struct ResponseURLs: Sendable {
    private let client: HTTPClient
    private let origins: Set<Origin>
    private let log: Log

    static let timeout = Duration.seconds(5)

    /// - Parameter apiURL: Slack's Web API; answers go there or to `https://hooks.slack.com`, nowhere else.
    package init(client: HTTPClient, apiURL: String, log: Log) {
        self.client = client
        origins = Set(["https://hooks.slack.com/", apiURL].compactMap(Origin.init))
        self.log = log
    }

    /// Returns at once; an answer that does not arrive is logged.
    func send(_ answer: JSON, to url: String) {
        guard let origin = Origin(url), origins.contains(origin) else {
            log.warning("a response_url that is not Slack's was left alone")
            return
        }
        Task {
            do throws(HTTPClientError) {
                let answered = try await client.send(
                    HTTPClientRequest(
                        "POST", url, headers: ["Content-Type": "application/json; charset=utf-8"],
                        body: answer.bytes, timeout: Self.timeout))
                if answered.status != 200 { log.warning("a response_url answered \(answered.status)") }
            } catch {
                log.warning("a response_url could not be reached: \(error)")
            }
        }
    }
}

/// Scheme, host and port of a URL (RFC 6454, section 4).
private struct Origin: Hashable {
    let scheme: String
    let host: String
    let port: Int?

    /// Nil also for a URL that names a user: what looks like the host there may be none.
    init?(_ url: String) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            let host = parts.host?.lowercased(), parts.user == nil, parts.password == nil
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = parts.port
    }
}
