import Deploys
import Foundation
import HTTP

/// Looks at a URL as a visitor would, over TLS and HTTP.
package struct HTTPSiteProbe: SiteProbe {
    /// What a visitor finds.
    enum Outcome: Equatable {
        case answers
        /// Something between the visitor and the app answers, or the app with an error of its own.
        case status(Int)
        case fails(HTTPClientError)
        case noURL
    }

    static let timeout: Duration = .seconds(5)

    private let http: HTTPClient
    private let connectTo: @Sendable (_ host: String) -> String?

    /// - Parameter connectTo: `address:port` to connect to instead of resolving a host; nil to resolve it.
    package init(
        _ http: HTTPClient, connectTo: @escaping @Sendable (_ host: String) -> String? = { _ in nil }
    ) {
        self.http = http
        self.connectTo = connectTo
    }

    /// For one machine: hosts under `.localhost` are on this one (RFC 6761, section 6.3), but not every
    /// resolver knows.
    package static func localhost(port: Int) -> @Sendable (_ host: String) -> String? {
        { host in
            host == "localhost" || host.hasSuffix(".localhost") ? "127.0.0.1:\(port)" : nil
        }
    }

    package func obstacle(at url: String) async -> String? {
        Self.sentence(await look(at: url), url)
    }

    func look(at url: String) async -> Outcome {
        guard let host = Self.host(of: url) else { return .noURL }
        do throws(HTTPClientError) {
            // The head is enough; the page itself is not read.
            let answer = try await http.open(
                HTTPClientRequest("GET", url, timeout: Self.timeout, connectTo: connectTo(host)))
            return answer.status < 500 ? .answers : .status(answer.status)
        } catch {
            return .fails(error)
        }
    }

    /// Lower case; nil when the text is no URL with a host.
    static func host(of url: String) -> String? {
        guard let host = URLComponents(string: url)?.host?.lowercased(), !host.isEmpty else { return nil }
        return host
    }

    /// Nil when it answers.
    static func sentence(_ outcome: Outcome, _ url: String) -> String? {
        let host = host(of: url) ?? ""
        return switch outcome {
        case .answers: nil
        case .noURL: "“\(url)” is not a URL that can be opened."
        case .status(let status) where (502...504).contains(status):
            "Waiting for \(host) to be routed to the app (status \(status) for now)."
        case .status(let status): "\(host) answers with an error of its own (status \(status))."
        case .fails(.cannotResolve): "Waiting for \(host) to be known to DNS."
        case .fails(.cannotConnect): "Waiting for \(host) to accept connections."
        case .fails(.timedOut):
            "Waiting for \(host) to answer; it did not within \(timeout.components.seconds) seconds."
        case .fails(.untrusted): "Waiting for the certificate of \(host)."
        case .fails(.broken), .fails(.bodyTooLarge): "Waiting for \(host) to answer; it broke off the connection."
        case .fails(.cancelled): "\(host) was not looked at."
        }
    }
}
