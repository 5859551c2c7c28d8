import Deploys
import Foundation
import HTTP
import JSON

/// Answers to a button's presser go to the `response_url` that came with the press; our HTTP answer shows nothing
/// (docs.slack.dev, "Handling user interaction").
package struct ResponseURLs: Sendable {
    private let client: HTTPClient
    private let apiHost: String?
    private let log: Log

    /// - Parameter apiURL: Slack's Web API; answers go to its host or to `hooks.slack.com`, nowhere else.
    package init(client: HTTPClient, apiURL: String, log: Log) {
        self.client = client
        apiHost = URL(string: apiURL)?.host()
        self.log = log
    }

    /// Returns at once; an answer that does not arrive is logged.
    func send(_ answer: JSON, to url: String) {
        guard let host = URL(string: url)?.host(), host == "hooks.slack.com" || host == apiHost else {
            log.warning("a response_url that is not Slack's was left alone")
            return
        }
        Task {
            do throws(HTTPClientError) {
                let answered = try await client.send(
                    HTTPClientRequest(
                        "POST", url, headers: ["Content-Type": "application/json; charset=utf-8"],
                        body: answer.bytes, timeout: .seconds(5)))
                if answered.status != 200 { log.warning("a response_url answered \(answered.status)") }
            } catch {
                log.warning("a response_url could not be reached: \(error)")
            }
        }
    }
}
