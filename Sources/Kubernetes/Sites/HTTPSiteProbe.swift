import Deploys
import Foundation
import HTTP

/// Looks at a URL as a visitor would, over DNS, TLS and HTTP.
package struct HTTPSiteProbe: SiteProbe {
    static let timeout: Duration = .seconds(5)

    private let http: HTTPClient
    private let ingressAddress: String?
    private let connectTo: @Sendable (_ host: String) -> String?
    private let resolve: @Sendable (_ host: String) async -> Set<String>

    /// - Parameters:
    ///   - ingressAddress: the address or name that domains must point to, when it is known.
    ///   - connectTo: `address:port` to connect to instead of resolving a host; nil to resolve it.
    ///   - resolve: a host's addresses; empty when it has none.
    package init(
        _ http: HTTPClient, ingressAddress: String? = nil,
        connectTo: @escaping @Sendable (_ host: String) -> String? = { _ in nil },
        resolve: @escaping @Sendable (_ host: String) async -> Set<String> = HostAddresses.resolve
    ) {
        self.http = http
        self.ingressAddress = ingressAddress
        self.connectTo = connectTo
        self.resolve = resolve
    }

    /// For one machine: hosts under `.localhost` are on this one (RFC 6761, section 6.3), but not every
    /// resolver knows.
    package static func localhost(port: Int) -> @Sendable (_ host: String) -> String? {
        { host in
            host == "localhost" || host.hasSuffix(".localhost") ? "127.0.0.1:\(port)" : nil
        }
    }

    package func obstacle(at url: String) async -> String? {
        guard let host = URLComponents(string: url)?.host?.lowercased(), !host.isEmpty else {
            return "“\(url)” is not a URL that can be opened."
        }
        do throws(HTTPClientError) {
            // The head is enough; the page itself is not read.
            let answer = try await http.open(
                HTTPClientRequest("GET", url, timeout: Self.timeout, connectTo: connectTo(host)))
            return obstacle(status: answer.status, host: host)
        } catch {
            return await wrongAddress(of: host) ?? obstacle(error, host: host)
        }
    }

    /// A domain that still points to another place is the usual reason, and the one thing that its owner
    /// has to change.
    private func wrongAddress(of host: String) async -> String? {
        guard let ingressAddress, connectTo(host) == nil else { return nil }
        let addresses = await resolve(host)
        guard !addresses.isEmpty, await addresses.isDisjoint(with: resolve(ingressAddress)) else {
            return nil
        }
        let present = addresses.sorted().prefix(Self.maxNamedAddresses).joined(separator: ", ")
        return "Waiting for \(host) to point to \(ingressAddress); it points to \(present)."
    }

    private static let maxNamedAddresses = 3

    private func obstacle(status: Int, host: String) -> String? {
        switch status {
        case ..<500: nil
        case 502, 503, 504: "Waiting for \(host) to be routed to the app (status \(status) for now)."
        default: "\(host) answers with an error of its own (status \(status))."
        }
    }

    private func obstacle(_ error: HTTPClientError, host: String) -> String? {
        switch error {
        case .cannotResolve:
            ingressAddress.map { "Waiting for \(host) to point to \($0)." }
                ?? "Waiting for \(host) to be known to DNS."
        case .cannotConnect: "Waiting for \(host) to accept connections."
        case .timedOut:
            "Waiting for \(host) to answer; it did not within \(Self.timeout.components.seconds) seconds."
        case .untrusted: "Waiting for the certificate of \(host)."
        case .broken, .bodyTooLarge: "Waiting for \(host) to answer; it broke off the connection."
        case .cancelled: "\(host) was not looked at."
        }
    }
}
