import HTTP
import JSON

/// The Docker Engine's HTTP API over its Unix socket, as far as the embedded cluster needs it.
///
/// Paths carry no version, so every engine answers with its own: 20.10 knows nothing above 1.41 and 29
/// nothing below 1.44 (docs.docker.com/reference/api/engine, "Versioning").
package struct DockerEngineClient: Sendable {
    package let socketPath: String
    private let http: HTTPClient
    /// For everything but pulling, stopping and streams; starting a container takes the longest.
    private static let timeout = Duration.seconds(60)
    private static let uploadTimeout = Duration.seconds(300)

    package init(socketPath: String, http: HTTPClient) {
        self.socketPath = socketPath
        self.http = http
    }

    /// Throws `.gone` unless an engine answers within `timeout`.
    package func ping(timeout: Duration = .seconds(5)) async throws(EngineError) {
        _ = try await call("GET", "/_ping", timeout: timeout)
    }

    /// The engine's version, `20.10.24`.
    package func version() async throws(EngineError) -> String {
        let answer = try await call("GET", "/version")
        guard let version = answer["Version"]?.string else {
            throw .unreadable(reason: "no Version in the answer to /version")
        }
        return version
    }

    package func machine() async throws(EngineError) -> EngineMachine {
        let answer = try await call("GET", "/info")
        guard let cpus = answer["NCPU"]?.int, let memory = answer["MemTotal"]?.int else {
            throw .unreadable(reason: "no NCPU or MemTotal in the answer to /info")
        }
        return EngineMachine(cpus: cpus, memoryBytes: memory)
    }

    // MARK: - Transport

    /// - Returns: the answer's JSON; null when it has none.
    @discardableResult
    func call(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSON? = nil,
        timeout: Duration = DockerEngineClient.timeout
    ) async throws(EngineError) -> JSON {
        let response = try await send(method, path, query, body.map(Payload.json), timeout)
        let isJSON = response.headers["Content-Type"]?.hasPrefix("application/json") == true
        guard isJSON, !response.body.isEmpty else { return .null }
        return try Self.parse(response.body)
    }

    /// As `call`, for bodies of any kind and answers of several lines.
    func callForText(
        _ method: String, _ path: String, query: [(String, String)], _ body: Payload
    ) async throws(EngineError) -> [UInt8] {
        try await send(method, path, query, body, Self.uploadTimeout).body
    }

    private func send(
        _ method: String, _ path: String, _ query: [(String, String)], _ body: Payload?, _ timeout: Duration
    ) async throws(EngineError) -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.send(request(method, path, query, body, timeout))
        } catch { throw Self.engineError(error) }
        if response.status >= 400 { throw Self.refusal(response.status, response.body) }
        return response
    }

    /// Opens an answer that is read while it comes.
    func open(
        _ method: String, _ path: String, query: [(String, String)], body: JSON? = nil,
        timeout: Duration = DockerEngineClient.timeout
    ) async throws(EngineError) -> AsyncThrowingStream<[UInt8], any Error> {
        let stream: HTTPClientStream
        do {
            stream = try await http.open(request(method, path, query, body.map(Payload.json), timeout))
        } catch { throw Self.engineError(error) }
        guard stream.status >= 400 else { return stream.chunks }
        var body: [UInt8] = []
        do {
            for try await chunk in stream.chunks { body += chunk.prefix(1 << 16) }
        } catch { throw Self.engineError(error) }
        throw Self.refusal(stream.status, body)
    }

    private func request(
        _ method: String, _ path: String, _ query: [(String, String)], _ body: Payload?, _ timeout: Duration
    ) -> HTTPClientRequest {
        var url = "http://docker" + Self.encode(path, keeping: "/:@")
        let pairs = query.map { "\($0.0)=\(Self.encode($0.1, keeping: ""))" }
        if !pairs.isEmpty { url += "?" + pairs.joined(separator: "&") }
        return HTTPClientRequest(
            method, url, headers: body.map { ["Content-Type": $0.type] } ?? [:],
            body: body?.bytes ?? [], timeout: timeout, unixSocket: socketPath)
    }

    struct Payload: Sendable {
        let type: String
        let bytes: [UInt8]

        static func json(_ json: JSON) -> Payload { Payload(type: "application/json", bytes: json.bytes) }
        static func tar(_ bytes: [UInt8]) -> Payload { Payload(type: "application/x-tar", bytes: bytes) }
    }

    /// Percent-encodes all but RFC 3986's unreserved characters and those in `keeping`.
    static func encode(_ text: String, keeping kept: String) -> String {
        var output = ""
        for byte in text.utf8 {
            let character = Character(UnicodeScalar(byte))
            let plain = byte < 0x80 && (character.isLetter || character.isNumber)
            if plain || "-._~".contains(character) || kept.contains(character) {
                output.append(character)
            } else {
                output += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return output
    }

    static func parse(_ bytes: [UInt8]) throws(EngineError) -> JSON {
        do { return try JSON.parse(bytes) } catch { throw .unreadable(reason: error.description) }
    }

    /// What a failed exchange means. A connection that breaks half-way is an engine that went away.
    static func engineError(_ error: any Error) -> EngineError {
        if let error = error as? EngineError { return error }
        return switch error as? HTTPClientError {
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        case .bodyTooLarge(let limit): .unreadable(reason: "more than \(limit) bytes")
        case .cannotConnect(let reason), .broken(let reason), .untrusted(let reason): .gone(reason: reason)
        case .cannotResolve(let host): .gone(reason: "unknown host \(host)")
        case nil: error is CancellationError ? .cancelled : .gone(reason: "\(error)")
        }
    }

    private static func refusal(_ status: Int, _ body: [UInt8]) -> EngineError {
        let text = String(decoding: body, as: UTF8.self)
        let message = (try? JSON.parse(body))?["message"]?.string ?? text
        return switch status {
        case 404: .notFound(message: message)
        case 409: .conflict(message: message)
        default: .refused(status: status, message: message)
        }
    }
}
