import Deploys
import Foundation
import HTTP
import JSON
import Synchronization

/// Answers through the `response_url` that came with a command or a press: five within half an hour
/// (docs.slack.dev, "Handling user interaction").
package final class ResponseURLs: Sendable {
    enum Outcome {
        case arrived, failed, notSlacks
        /// Slack's answer was lost: the message is most likely there.
        case doubtful
    }

    private struct Use {
        let since: Date
        var count: Int
    }

    private let client: HTTPClient
    private let origins: Set<Origin>
    private let now: @Sendable () -> Date
    private let log: Log
    private let mask: SecretMask
    private let uses = Mutex<[String: Use]>([:])

    static let timeout = Duration.seconds(5)
    static let maxUses = 5
    static let maxAgeSeconds: TimeInterval = 30 * 60
    /// Of which the uses are counted; when there are more, the oldest are forgotten.
    static let maxKnownURLs = 10_000

    /// - Parameters:
    ///   - apiURL: Slack's Web API; answers go there or to `https://hooks.slack.com`, nowhere else.
    ///   - mask: of values that no answer may tell.
    package init(
        client: HTTPClient, apiURL: String, mask: SecretMask = SecretMask(),
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.mask = mask
        self.client = client
        origins = Set(["https://hooks.slack.com/", apiURL].compactMap(Origin.init))
        self.now = now
        self.log = log
    }

    /// - Parameter since: when the URL came.
    func send(_ answer: JSON, to url: String, since: Date) async -> Outcome {
        guard let origin = Origin(url), origins.contains(origin) else {
            log.warning("a response_url that is not Slack's was left alone")
            return .notSlacks
        }
        guard mayUse(url, since: since) else { return .failed }
        do throws(HTTPClientError) {
            let answered = try await client.send(
                HTTPClientRequest(
                    "POST", url, headers: ["Content-Type": "application/json; charset=utf-8"],
                    body: mask.withoutKnown(answer).bytes, timeout: Self.timeout))
            if answered.status == 200 { return .arrived }
            log.warning("a response_url answered \(answered.status)")
            // A gateway does not know what the server behind it did (RFC 9110, sections 15.6.3 and 15.6.5).
            if answered.status == 502 || answered.status == 504 { return .doubtful }
        } catch {
            log.warning("a response_url could not be reached: \(error)")
            if case .unreachable(_, mayHaveActed: true) = SlackCallError(error) { return .doubtful }
        }
        return .failed
    }

    private func mayUse(_ url: String, since: Date) -> Bool {
        let now = now()
        guard now.timeIntervalSince(since) < Self.maxAgeSeconds else { return false }
        return uses.withLock { uses in
            if uses.count >= Self.maxKnownURLs, uses[url] == nil {
                uses = uses.filter { now.timeIntervalSince($0.value.since) < Self.maxAgeSeconds }
                if uses.count >= Self.maxKnownURLs, let oldest = uses.min(by: { $0.value.since < $1.value.since }) {
                    uses[oldest.key] = nil
                }
            }
            uses[url, default: Use(since: since, count: 0)].count += 1
            return uses[url, default: Use(since: since, count: 0)].count <= Self.maxUses
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
