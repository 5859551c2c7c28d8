package struct HTTPClientRequest: Sendable {
    package var method: String
    /// `http` or `https`, in printable ASCII; sent as it is, without tidying `..` away.
    package var url: String
    /// Content-Length, Transfer-Encoding and Expect are left out: the client sees to them itself.
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// The whole exchange for `send`; the time until the response's head for `open`.
    package var timeout: Duration
    /// Connect to this Unix socket instead of the URL's host (the Docker Engine's, say).
    package var unixSocket: String?
    /// Connect to this address instead of resolving the URL's host: `127.0.0.1:8080`.
    package var connectTo: String?
    /// Connect through this proxy: a URL with `http`, `https`, `socks5` or `socks5h`, which may hold a password. Nil
    /// leaves it to the environment's variables. A `socks5` proxy resolves names itself.
    package var proxy: String?
    /// Whom to trust and how to introduce ourselves over TLS; nil means the system's authorities and nothing.
    package var tls: HTTPClientTLS?
    /// The most that `send` takes; what `open` hands out is bounded by the reader's pace instead.
    package var maxBodyBytes: Int

    package init(
        _ method: String, _ url: String, headers: HTTPHeaders = [:], body: [UInt8] = [],
        timeout: Duration = .seconds(30), unixSocket: String? = nil, connectTo: String? = nil,
        proxy: String? = nil, tls: HTTPClientTLS? = nil, maxBodyBytes: Int = 64 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.unixSocket = unixSocket
        self.connectTo = connectTo
        self.proxy = proxy
        self.tls = tls
        self.maxBodyBytes = maxBodyBytes
    }
}

extension HTTPClientRequest {
    /// The URL's host without its port; empty when there is none.
    var host: String { Self.host(of: url) }

    /// Nil without a proxy of its own. For messages only: without the password.
    var proxyHost: String? { proxy.map { "the proxy \(Self.host(of: $0))" } }

    private static func host(of url: String) -> String {
        guard let scheme = url.range(of: "://") else { return "" }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let address = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if address.hasPrefix("[") { return address.prefix { $0 != "]" } + "]" }
        return String(address.prefix { $0 != ":" })
    }

    /// The URL with another host, and how to reach the one that it has. Nil when the expected name is the host's own.
    func renamed(_ name: String) -> (url: String, host: String, connectTo: String)? {
        guard let scheme = url.range(of: "://"), !host.isEmpty else { return nil }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        let address = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let port = address.dropFirst(host.utf8.count)
        let ports = port.isEmpty ? (url.lowercased().hasPrefix("https") ? ":443" : ":80") : String(port)
        // From this host and port, to this host and port.
        return (
            url[..<scheme.upperBound] + name + port + rest.dropFirst(authority.count), String(address),
            "\(name)\(ports):\(host)\(ports)"
        )
    }

    /// A proxy from the environment must never see what is meant for this machine.
    var staysOnThisMachine: Bool {
        let host = host.lowercased()
        return unixSocket != nil || connectTo != nil || host == "localhost" || host.hasSuffix(".localhost")
            || host.hasPrefix("127.") || host == "[::1]"
    }

    /// Why this must not be sent as it is; nil when it may. Names no value: they may be secrets.
    var problem: String? {
        if !method.isHTTPToken { return "the request's method is not a token" }
        if url.utf8.contains(where: { !(0x21...0x7E).contains($0) }) {
            return "the URL contains a character that must be percent-encoded"
        }
        for (name, value) in headers.fields {
            if !name.isHTTPToken { return "the name of a header field is not a token" }
            if value.utf8.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) {
                return "the header field \(name) contains a line break or another control character"
            }
        }
        return nil
    }
}

extension String {
    /// RFC 9110, section 5.6.2.
    var isHTTPToken: Bool {
        !isEmpty && utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default:
                "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
