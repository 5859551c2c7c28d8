import Foundation
import HTTP
import JSON
import XCTest

@testable import Sandbox

/// A running embedded API and a client that talks to it over a real socket.
final class ClusterAPIHarness: Sendable {
    let store: ObjectStore
    let api: EmbeddedAPI
    let url: String
    private let client = HTTPClient()
    static let token = "test-token"

    init(
        store: ObjectStore = ObjectStore(), logs: any PodLogs = FixedLogs(),
        _ change: (inout EmbeddedAPISettings) -> Void = { _ in }
    ) throws {
        self.store = store
        var settings = EmbeddedAPISettings(token: Self.token)
        change(&settings)
        api = EmbeddedAPI(settings, store: store, logs: logs)
        url = "http://127.0.0.1:\(try api.start())"
    }

    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]
        var json: JSON { (try? JSON.parse(bytes)) ?? .null }
        var text: String { String(decoding: bytes, as: UTF8.self) }
        var message: String { json["message"]?.string ?? "" }
        var causes: [JSON] { json.at("details", "causes")?.array ?? [] }
    }

    func send(
        _ method: String, _ path: String, _ body: JSON? = nil, raw: String? = nil,
        type: String = "application/json", headers extra: HTTPHeaders = [:], token: String? = token
    ) async throws -> Answer {
        var headers = extra
        if let token { headers.add("Authorization", "Bearer \(token)") }
        headers.add("Content-Type", type)
        if headers["User-Agent"] == nil { headers.add("User-Agent", "tests/1.0") }
        let bytes = raw.map { Array($0.utf8) } ?? body?.bytes ?? []
        let response = try await client.send(
            HTTPClientRequest(method, url + path, headers: headers, body: bytes, timeout: .seconds(20)))
        return Answer(status: response.status, headers: response.headers, bytes: response.body)
    }

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }

    func apply(
        _ path: String, _ body: JSON, manager: String = "iterapp", force: Bool = false, query: String = ""
    ) async throws -> Answer {
        try await send(
            "PATCH", "\(path)?fieldManager=\(manager)&force=\(force)&fieldValidation=Strict\(query)", body,
            type: "application/apply-patch+yaml")
    }

    func makeNamespace(_ name: String = "apps-cats-test") async throws {
        let answer = try await send(
            "POST", "/api/v1/namespaces",
            [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
            ])
        XCTAssertEqual(answer.status, 201, answer.text)
    }

    /// The lines of a watch, until `count` are there or the watch ends.
    func watch(_ path: String, count: Int) async throws -> [JSON] {
        let stream = try await open(path)
        var buffer: [UInt8] = []
        var lines: [JSON] = []
        for try await chunk in stream.chunks {
            buffer += chunk
            while let end = buffer.firstIndex(of: 0x0A) {
                lines.append(try JSON.parse(buffer[..<end]))
                buffer.removeSubrange(...end)
                if lines.count == count { return lines }
            }
        }
        return lines
    }

    func open(_ path: String) async throws -> HTTPClientStream {
        try await client.open(
            HTTPClientRequest(
                "GET", url + path, headers: ["Authorization": "Bearer \(Self.token)"], timeout: .seconds(20)))
    }
}

struct FixedLogs: PodLogs {
    func log(
        of pod: JSON, container: String, _ options: PodLogOptions
    ) async throws(APIError) -> AsyncThrowingStream<[UInt8], any Error> {
        if options.previous {
            throw .badRequest(
                "previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
        }
        var lines = ["migrating", "done"]
        if let count = options.tailLines { lines = lines.suffix(count) }
        if options.timestamps { lines = lines.map { "2026-11-20T23:55:47.799807356Z \($0)" } }
        let text = lines.map { $0 + "\n" }.joined()
        return AsyncThrowingStream { continuation in
            continuation.yield(Array(text.utf8))
            continuation.finish()
        }
    }
}

enum Recording {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/kubernetes")

    static func json(_ name: String) throws -> JSON {
        try JSON.parse(Data(contentsOf: folder.appending(path: name)))
    }

    /// The status and the body of a recorded answer.
    static func answer(_ name: String) throws -> (status: Int, body: String) {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            .replacingOccurrences(of: "\r\n", with: "\n")
        let head = text.components(separatedBy: "\n\n")[0]
        let status = Int(head.split(separator: " ")[1]) ?? 0
        return (status, String(text.dropFirst(head.count + 2)))
    }
}

extension JSON {
    /// Where two values differ, path by path; empty when they are equal. Fields that no two runs share
    /// (`ignoring`) are skipped wherever they stand.
    func differences(
        to other: JSON, ignoring: Set<String> = ["uid", "resourceVersion", "time", "creationTimestamp"],
        _ path: String = ""
    ) -> [String] {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            return Set(left.keys).union(right.keys).subtracting(ignoring).sorted().flatMap { key in
                (left[key] ?? "<absent>").differences(
                    to: right[key] ?? "<absent>", ignoring: ignoring, "\(path).\(key)")
            }
        case (.array(let left), .array(let right)) where left.count == right.count:
            return zip(left, right).enumerated().flatMap { index, pair in
                pair.0.differences(to: pair.1, ignoring: ignoring, "\(path)[\(index)]")
            }
        default:
            return self == other ? [] : ["\(path): \(self.text) is not \(other.text)"]
        }
    }
}
