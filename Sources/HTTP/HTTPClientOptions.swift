import CCurl

/// Translates a request into libcurl's options (https://curl.se/libcurl/c/curl_easy_setopt.html).
struct HTTPClientOptions {
    let easy: UnsafeMutableRawPointer
    /// Must be freed after the transfer.
    private(set) var lists: [UnsafeMutablePointer<curl_slist>] = []
    /// The first option that libcurl did not take.
    private(set) var problem: HTTPClientError?

    init(easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    /// - Parameters:
    ///   - body: the request's, at an address that stays until the transfer ends.
    ///   - sentence: where libcurl writes what went wrong; stays as long.
    mutating func set(
        _ request: HTTPClientRequest, body: UnsafeBufferPointer<UInt8>,
        sentence: UnsafeMutableBufferPointer<CChar>
    ) {
        set(CURLOPT_ERRORBUFFER, pointer: sentence.baseAddress)
        setHabits(isSecure: request.url.lowercased().hasPrefix("https:"))
        let renamed = request.tls?.serverName.flatMap(request.renamed)
        set(CURLOPT_URL, renamed?.url ?? request.url)
        // Empty host and port in front match every host and port.
        if let address = request.connectTo.map({ "::" + $0 }) ?? renamed?.connectTo {
            set(CURLOPT_CONNECT_TO, list: [address])
        }
        setWay(request)
        setMethod(request, body: body)
        setHeaders(request, host: renamed?.host)
        if let tls = request.tls { set(tls) }
    }

    private mutating func setHabits(isSecure: Bool) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_PATH_AS_IS, 1)
        // Wait for the handshake of a connection that is being made: with HTTP/2, everybody shares it. Without TLS only
        // an answer would tell, and that can take long.
        if isSecure { set(CURLOPT_PIPEWAIT, 1) }
        // Ending a transfer must not wait for the resolver's thread, for that stops all other transfers.
        set(CURLOPT_QUICK_EXIT, 1)
        // A watch can be silent for minutes; a peer that has vanished is noticed all the same.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 60)
        set(CURLOPT_TCP_KEEPINTVL, 15)
        // A proxy's own answer is no part of the response.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_USERAGENT, "iterapp")
    }

    /// Room for a whole answer, if it can be had. What libcurl reads for one transfer of an HTTP/2 connection while it
    /// serves another goes into the first one's buffer; when that is full it pauses nghttp2, and version 7.88 goes on
    /// only when more comes on the connection: the end of an answer can stay behind (nghttp2 wants to be called once
    /// more, with nothing). Memory is taken page by page as the buffer fills.
    mutating func setBuffer(bytes: Int) {
        set(CURLOPT_BUFFERSIZE, min(max(bytes, Self.minBufferBytes), Self.maxBufferBytes))
    }

    /// A TLS record's.
    private static let minBufferBytes = 16 << 10
    /// libcurl's own limit (CURL_MAX_READ_SIZE).
    private static let maxBufferBytes = 10 << 20

    private mutating func setWay(_ request: HTTPClientRequest) {
        if let path = request.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        if let proxy = request.proxy {
            let isSOCKS = proxy.hasPrefix("socks5://")
            set(CURLOPT_PROXY, isSOCKS ? "socks5h://" + proxy.dropFirst("socks5://".count) : proxy)
            // The environment's exceptions are for the environment's proxy.
            set(CURLOPT_NOPROXY, "")
            if let authorities = request.tls?.authoritiesPEM { set(CURLOPT_PROXY_CAINFO_BLOB, blob: authorities) }
        } else if request.staysOnThisMachine {
            set(CURLOPT_PROXY, "")
        }
    }

    private mutating func setMethod(_ request: HTTPClientRequest, body: UnsafeBufferPointer<UInt8>) {
        if request.method == "HEAD" { return set(CURLOPT_NOBODY, 1) }
        // RFC 9110, section 8.6: these say "Content-Length: 0" when there is nothing to send.
        let expectsBody = ["POST", "PUT", "PATCH"].contains(request.method)
        if expectsBody || !request.body.isEmpty {
            let code = curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            check(code)
            set(CURLOPT_POSTFIELDS, pointer: body.baseAddress)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    /// - Parameter host: the URL's own, when the handshake has another name.
    private mutating func setHeaders(_ request: HTTPClientRequest, host: String?) {
        // "Name:" removes a field that libcurl would add by itself.
        var lines = ["Expect:"]
        if let host, request.headers["Host"] == nil { lines.append("Host: \(host)") }
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        let ownMatters = ["content-length", "transfer-encoding", "expect"]
        for (name, value) in request.headers.fields where !ownMatters.contains(name.lowercased()) {
            let isBlank = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            lines.append(isBlank ? "\(name);" : "\(name): \(value)")
        }
        set(CURLOPT_HTTPHEADER, list: lines)
    }

    private mutating func set(_ tls: HTTPClientTLS) {
        if let authorities = tls.authoritiesPEM {
            set(CURLOPT_CAINFO_BLOB, blob: authorities)
            // Otherwise the system's directory of authorities would be trusted as well.
            set(CURLOPT_CAINFO, pointer: nil)
            set(CURLOPT_CAPATH, pointer: nil)
        }
        if let certificate = tls.certificatePEM { set(CURLOPT_SSLCERT_BLOB, blob: certificate) }
        if let key = tls.keyPEM { set(CURLOPT_SSLKEY_BLOB, blob: key) }
    }

    private mutating func set(_ option: CURLoption, _ value: Int) {
        check(curl_set_long(easy, option, value))
    }

    private mutating func set(_ option: CURLoption, _ value: String) {
        check(value.withCString { curl_set_pointer(easy, option, $0) })
    }

    private mutating func set(_ option: CURLoption, pointer: UnsafeRawPointer?) {
        check(curl_set_pointer(easy, option, pointer))
    }

    private mutating func set(_ option: CURLoption, blob: String) {
        var blob = blob
        check(blob.withUTF8 { curl_set_blob(easy, option, $0.baseAddress, $0.count) })
    }

    private mutating func set(_ option: CURLoption, list lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        guard let list else { return }
        lists.append(list)
        set(option, pointer: list)
    }

    mutating func check(_ code: CURLcode) {
        guard code != CURLE_OK, problem == nil else { return }
        problem = .broken(reason: "libcurl cannot do this: " + String(cString: curl_easy_strerror(code)))
    }
}
