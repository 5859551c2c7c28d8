import HTTP
import JSON

/// Speaks to a Kubernetes API server. Safe to share; all requests use the HTTP client's connections.
package struct KubernetesClient: Sendable {
    /// Under which the server notes our fields
    /// (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
    package static let fieldManager = "iterapp"
    static let requestTimeout: Duration = .seconds(30)
    static let maxAnswerBytes = 64 << 20

    package let connection: KubernetesConnection
    let retry: RetryPolicy
    let timing: Timing
    private let http: HTTPClient
    private let tokens: TokenSource

    package init(
        _ connection: KubernetesConnection, http: HTTPClient, retry: RetryPolicy = RetryPolicy(),
        timing: Timing = .system
    ) {
        self.connection = connection
        self.http = http
        self.retry = retry
        self.timing = timing
        tokens = TokenSource(connection.credential, now: timing.now)
    }

    /// One request, without its server and credentials.
    struct Call: Sendable {
        var method = "GET"
        var path: String
        var query: [(name: String, value: String)] = []
        var contentType: String?
        var accept = "application/json"
        var body: [UInt8] = []
    }

    /// Sends a request that may be repeated, and repeats it while that can help.
    /// - Returns: the body of a 2xx answer.
    func send(_ call: Call) async throws(KubernetesError) -> [UInt8] {
        var attempt = 1
        while true {
            do throws(KubernetesError) {
                return try await withToken { token throws(KubernetesError) in
                    try await sendOnce(call, token: token)
                }
            } catch {
                let wait = retry.delay(afterAttempt: attempt, error, random: timing.random())
                guard let wait else { throw error }
                do { try await timing.sleep(wait) } catch { throw .cancelled }
                attempt += 1
            }
        }
    }

    /// Begins an answer that goes on; there is no second attempt.
    func open(_ call: Call) async throws(KubernetesError) -> HTTPClientStream {
        try await withToken { token throws(KubernetesError) in
            let stream: HTTPClientStream
            do throws(HTTPClientError) {
                stream = try await http.open(request(call, token: token))
            } catch {
                throw self.error(error)
            }
            guard (200..<300).contains(stream.status) else {
                let body = try await errorBody(of: stream)
                throw KubernetesError(status: stream.status, headers: stream.headers, body: body)
            }
            return stream
        }
    }

    private static let maxErrorBytes = 1 << 20

    private func errorBody(of stream: HTTPClientStream) async throws(KubernetesError) -> [UInt8] {
        var body: [UInt8] = []
        do {
            for try await chunk in stream.chunks {
                body += chunk
                if body.count > Self.maxErrorBytes { break }
            }
        } catch {
            throw .unreachable("\(connection.server): the answer broke off")
        }
        return body
    }

    func object(_ call: Call) async throws(KubernetesError) -> JSON {
        let body = try await send(call)
        do { return try JSON.parse(body) } catch { throw .malformed("it is not JSON (\(error))") }
    }

    private func sendOnce(_ call: Call, token: String?) async throws(KubernetesError) -> [UInt8] {
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await http.send(request(call, token: token))
        } catch {
            throw self.error(error)
        }
        guard (200..<300).contains(response.status) else {
            throw KubernetesError(status: response.status, headers: response.headers, body: response.body)
        }
        return response.body
    }

    /// With a 401, once more with a token that was read just now.
    private func withToken<T: Sendable>(
        _ body: (_ token: String?) async throws(KubernetesError) -> T
    ) async throws(KubernetesError) -> T {
        do throws(KubernetesError) {
            return try await body(try await tokens.token())
        } catch .unauthorized(let advice) {
            guard await tokens.refused() else { throw .unauthorized(advice) }
            return try await body(try await tokens.token())
        }
    }

    private func request(_ call: Call, token: String?) -> HTTPClientRequest {
        var headers: HTTPHeaders = ["Accept": call.accept]
        if let type = call.contentType { headers["Content-Type"] = type }
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return HTTPClientRequest(
            call.method, connection.server + call.path + URLQuery.text(call.query), headers: headers,
            body: call.body, timeout: Self.requestTimeout, tls: connection.tls,
            maxBodyBytes: Self.maxAnswerBytes)
    }

    /// Sentences name the server: an operator may run several clusters.
    private func error(_ error: HTTPClientError) -> KubernetesError {
        switch KubernetesError(error) {
        case .unreachable(let reason): .unreachable("\(connection.server): \(reason)")
        case .untrusted(let reason): .untrusted("\(connection.server): \(reason)")
        case let other: other
        }
    }
}
