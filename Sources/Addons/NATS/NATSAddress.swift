import Foundation

/// Where a NATS server listens.
package struct NATSAddress: Sendable, Equatable {
    package let host: String
    package let port: Int
    /// Whether nothing may be said in the clear, whatever the server offers.
    package let requiresTLS: Bool

    private static let usualPort = 4_222

    package init(host: String, port: Int, requiresTLS: Bool = false) {
        self.host = host
        self.port = port
        self.requiresTLS = requiresTLS
    }

    /// - Parameter text: `nats://host:4222` or `tls://host:4222`, several separated by commas; without anybody's
    ///   name and password.
    /// - Returns: nil when one of them is nothing of the kind.
    package static func list(_ text: String) -> [NATSAddress]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let addresses = parts.compactMap { one($0.trimmingCharacters(in: .whitespaces)) }
        return addresses.count == parts.count ? addresses : nil
    }

    private static func one(_ text: String) -> NATSAddress? {
        guard let url = URL(string: text), let scheme = url.scheme, ["nats", "tls"].contains(scheme),
            let host = url.host(), !host.isEmpty, url.user() == nil, url.query() == nil, url.fragment() == nil,
            url.path().isEmpty || url.path() == "/"
        else { return nil }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return NATSAddress(host: bare, port: url.port ?? usualPort, requiresTLS: scheme == "tls")
    }
}

extension NATSAddress: CustomStringConvertible {
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
