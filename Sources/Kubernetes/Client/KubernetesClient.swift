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
    private let credentials: CredentialSource
    private let gate = RequestGate()

    package init(
        _ connection: KubernetesConnection, http: HTTPClient, retry: RetryPolicy = RetryPolicy(),
        timing: Timing = .system
    ) {
        self.connection = connection
        self.http = http
        self.retry = retry
        self.timing = timing
        credentials = CredentialSource(connection, timing: timing)
    }

    /// One request, without its server and credentials.
    struct Call: Sendable {
        var method = "GET"
        var path: String
        var query: [(name: String, value: String)] = []
        var contentType: String?
        var accept = "application/json"
        var body: [UInt8] = []

        /// RFC 9110, section 9.2.2. Who creates something must not create it twice, so it is only repeated when the
        /// server has said that it did nothing.
        func mayBeRepeated(after error: KubernetesError) -> Bool {
            if case .tooManyRequests = error { return true }
            return method != "POST"
        }
    }

    /// Sends a request, and repeats it while that can help and does no harm.
    /// - Returns: the body of a 2xx answer.
    func send(_ call: Call) async throws(KubernetesError) -> [UInt8] {
        var attempt = 1
        while true {
            do throws(KubernetesError) {
                return try await withIdentity { identity throws(KubernetesError) in
                    try await sendOnce(call, identity)
                }
            } catch {
                let wait = retry.delay(afterAttempt: attempt, error, random: timing.random())
                guard let wait, call.mayBeRepeated(after: error) else { throw error }
                do { try await timing.sleep(wait) } catch { throw .cancelled }
                attempt += 1
            }
        }
    }

    /// Begins an answer that goes on; there is no second attempt.
    func open(_ call: Call) async throws(KubernetesError) -> HTTPClientStream {
        try await withIdentity { identity throws(KubernetesError) in
            let stream: HTTPClientStream
            do throws(HTTPClientError) {
                stream = try await http.open(request(call, identity))
            } catch {
                throw await self.error(error)
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

    private func sendOnce(_ call: Call, _ identity: RequestIdentity) async throws(KubernetesError) -> [UInt8] {
        let response = try await gate.pass { () async throws(KubernetesError) in
            do throws(HTTPClientError) {
                return try await http.send(request(call, identity))
            } catch {
                throw await self.error(error)
            }
        }
        guard (200..<300).contains(response.status) else {
            throw KubernetesError(status: response.status, headers: response.headers, body: response.body)
        }
        return response.body
    }

    /// When the server refuses who we are, once more with credentials that were read or asked for just now. The same
    /// when we cannot trust the server: its authority may have been renewed.
    private func withIdentity<T: Sendable>(
        _ body: (_ identity: RequestIdentity) async throws(KubernetesError) -> T
    ) async throws(KubernetesError) -> T {
        var identity = try await credentials.current()
        for isLast in [false, true] {
            do throws(KubernetesError) {
                return try await body(identity)
            } catch .unauthorized {
                if !isLast, await credentials.refused(identity) {
                    identity = try await credentials.current()
                    continue
                }
                throw .unauthorized(await advice(for: identity))
            } catch .untrusted(let reason) {
                guard !isLast, await credentials.refused(identity) else { throw .untrusted(reason) }
                identity = try await credentials.current()
            }
        }
        throw .unauthorized(await advice(for: identity))
    }

    private func advice(for identity: RequestIdentity) async -> String {
        await credentials.connection.adviceWhenRefused(
            token: identity.token, tls: identity.tls, now: timing.wallClock())
    }

    private func request(_ call: Call, _ identity: RequestIdentity) -> HTTPClientRequest {
        var headers: HTTPHeaders = ["Accept": call.accept]
        if let type = call.contentType { headers["Content-Type"] = type }
        if let token = identity.token { headers["Authorization"] = "Bearer \(token)" }
        return HTTPClientRequest(
            call.method, connection.server + call.path + URLQuery.text(call.query), headers: headers,
            body: call.body, timeout: Self.requestTimeout, proxy: connection.proxy, tls: identity.tls,
            maxBodyBytes: Self.maxAnswerBytes)
    }

    /// Sentences name the server: an operator may run several clusters.
    private func error(_ error: HTTPClientError) async -> KubernetesError {
        switch KubernetesError(error) {
        case .unreachable(let reason) where KubernetesConnection.isRefusalOfCertificate(reason):
            return .unauthorized(reason)
        case .unreachable(let reason):
            return .unreachable("\(connection.server): \(reason)")
        case .untrusted(let reason):
            let advice = await credentials.connection.adviceWhenUntrusted(reason, now: timing.wallClock())
            return .untrusted("\(connection.server): \(advice)")
        case let other: return other
        }
    }
}
