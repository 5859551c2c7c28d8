import HTTP

/// What a proxy changes about messages on their way (RFC 9110, section 7.6).
enum Forwarding {
    /// Fields that are about one connection only, besides those that `Connection` names (section 7.6.1).
    private static let hopByHop: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade",
    ]

    static func request(_ request: HTTPRequest, to address: String, timeout: Duration) -> HTTPClientRequest {
        var headers = endToEnd(request.headers)
        let peers = request.headers.all("X-Forwarded-For") + [request.peer]
        headers["X-Forwarded-For"] = peers.joined(separator: ", ")
        headers["X-Forwarded-Proto"] = "http"
        headers["X-Forwarded-Host"] = request.headers["Host"] ?? ""
        return HTTPClientRequest(
            request.method, "http://\(address)\(request.target)", headers: headers, body: request.body,
            timeout: timeout, connectTo: address)
    }

    static func response(_ answer: HTTPClientStream, to request: HTTPRequest) -> HTTPResponse {
        let headers = endToEnd(answer.headers)
        // The server keeps a Content-Length only where there is no body to count.
        if request.method == "HEAD", headers["Content-Length"] != nil {
            return HTTPResponse(status: answer.status, headers: headers)
        }
        return HTTPResponse(status: answer.status, headers: headers, body: .stream(answer.chunks))
    }

    static func endToEnd(_ headers: HTTPHeaders) -> HTTPHeaders {
        let named = headers.all("Connection").flatMap { $0.split(separator: ",") }
            .map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
        let dropped = hopByHop.union(named)
        var kept = HTTPHeaders()
        for (name, value) in headers.fields where !dropped.contains(name.lowercased()) {
            kept.add(name, value)
        }
        return kept
    }
}
