import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// Just enough of an API server to roll out against: it keeps objects, numbers their versions and tells
/// watchers, over real HTTP. What controllers and nodes would do is the test's script.
actor ScriptedCluster {
    /// Stands in for controllers and nodes: called after a Deployment or a Job was applied and is another one now.
    typealias Script = @Sendable (_ cluster: ScriptedCluster, _ workload: JSON) async -> Void

    private var objects: [String: JSON] = [:]
    private var version = 100
    private var watchers: [(collection: String, send: AsyncThrowingStream<[UInt8], any Error>.Continuation)] =
        []
    private let script: Script
    /// Answers that replace the ordinary ones.
    private let intercept: @Sendable (HTTPRequest) -> HTTPResponse?
    private(set) var logs: [String: String] = [:]

    init(
        script: @escaping Script, intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }
    ) {
        self.script = script
        self.intercept = intercept
    }

    func setLog(_ text: String, pod: String, previous: Bool) { logs["\(pod) \(previous)"] = text }

    func object(_ path: String) -> JSON? { objects[path] }
    var paths: [String] { objects.keys.sorted() }

    /// Creates or replaces, and tells everybody.
    func put(_ object: JSON, at path: String) {
        version += 1
        var stored = object
        stored["metadata"]?["resourceVersion"] = .string(String(version))
        if stored.at("metadata", "uid") == nil { stored["metadata"]?["uid"] = .string("uid-\(version)") }
        let isNew = objects[path] == nil
        objects[path] = stored
        tell(isNew ? "ADDED" : "MODIFIED", stored, path)
    }

    func remove(_ path: String) {
        guard let object = objects.removeValue(forKey: path) else { return }
        version += 1
        tell("DELETED", object, path)
    }

    /// As if the object had never been: nobody is told.
    func forget(_ path: String) { objects[path] = nil }

    /// Ends every watch, as a restarting server does.
    func dropWatches() {
        for watcher in watchers { watcher.send.finish() }
        watchers = []
    }

    func handle(_ request: HTTPRequest) -> HTTPResponse {
        if let answer = intercept(request) { return answer }
        switch request.method {
        case "PATCH": return apply(request)
        case "POST": return create(request)
        case "DELETE": return delete(request)
        default: return read(request)
        }
    }

    private func apply(_ request: HTTPRequest) -> HTTPResponse {
        guard var object = try? JSON.parse(request.body) else { return .text(400, "") }
        if let namespace = object.at("metadata", "namespace")?.string,
            objects["/api/v1/namespaces/\(namespace)"] == nil
        {
            return StandInAPI.recorded("error-404-namespace.http")
        }
        guard request.fields["dryRun"] == nil else { return StandInAPI.json(object) }
        let old = objects[request.path]
        let changed = old?["spec"] != object["spec"]
        let generation = (old?.at("metadata", "generation")?.int ?? 0) + (changed ? 1 : 0)
        object["metadata"]?["generation"] = .int(generation)
        object["metadata"]?["uid"] = old?.at("metadata", "uid")
        object["status"] = old?["status"]
        if old != nil && !changed { return StandInAPI.json(old ?? object) }
        put(object, at: request.path)
        let stored = objects[request.path] ?? object
        if ["Deployment", "Job"].contains(stored["kind"]?.string) { Task { await script(self, stored) } }
        return StandInAPI.json(stored)
    }

    /// Finalizers keep an object until somebody takes them away.
    private func delete(_ request: HTTPRequest) -> HTTPResponse {
        guard var object = objects[request.path] else { return StandInAPI.recorded("error-404.http") }
        let uid = (try? JSON.parse(request.body))?.at("preconditions", "uid")
        guard uid == nil || uid == object.at("metadata", "uid") else {
            return StandInAPI.recorded("error-409-uid-precondition.http")
        }
        guard object.at("metadata", "finalizers")?.array?.isEmpty ?? true else {
            object["metadata"]?["deletionTimestamp"] = "2026-11-20T23:56:06Z"
            put(object, at: request.path)
            return StandInAPI.json(objects[request.path] ?? object)
        }
        remove(request.path)
        return StandInAPI.json(["kind": "Status", "status": "Success"])
    }

    private func create(_ request: HTTPRequest) -> HTTPResponse {
        guard let object = try? JSON.parse(request.body), let name = object.at("metadata", "name")?.string else {
            return .text(400, "")
        }
        let path = "\(request.path)/\(name)"
        guard objects[path] == nil else {
            let status: JSON = [
                "kind": "Status", "status": "Failure", "reason": "AlreadyExists", "code": 409,
                "message": .string("\"\(name)\" already exists"),
            ]
            return StandInAPI.json(status, status: 409)
        }
        put(object, at: path)
        return StandInAPI.json(objects[path] ?? object, status: 201)
    }

    private func read(_ request: HTTPRequest) -> HTTPResponse {
        if request.path.hasSuffix("/log") {
            let pod = request.path.split(separator: "/").dropLast().last.map(String.init) ?? ""
            let text = logs["\(pod) \(request.fields["previous"] == "true")"]
            return text.map { .text(200, $0) } ?? StandInAPI.recorded("error-400-no-previous-log.http")
        }
        if request.fields["watch"] == "1" { return watch(request) }
        if let object = objects[request.path] { return StandInAPI.json(object) }
        guard Self.isCollection(request.path) else { return StandInAPI.recorded("error-404.http") }
        let items = objects.filter { Self.isIn(request.path, $0.key) && matches($0.value, request) }
        let sorted = items.sorted { $0.key < $1.key }.map(\.value)
        return StandInAPI.json(
            ["items": .array(sorted), "metadata": ["resourceVersion": .string(String(version))]])
    }

    private func watch(_ request: HTTPRequest) -> HTTPResponse {
        let (stream, send) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        watchers.append((request.path, send))
        // Changes between the list and the watch.
        let since = Int(request.fields["resourceVersion"] ?? "") ?? 0
        for (path, object) in objects where Self.isIn(request.path, path) {
            let at = object.at("metadata", "resourceVersion")?.string.flatMap { Int($0) } ?? 0
            if at > since { send.yield(Self.line("MODIFIED", object)) }
        }
        return HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: .stream(stream))
    }

    private func tell(_ type: String, _ object: JSON, _ path: String) {
        for watcher in watchers where Self.isIn(watcher.collection, path) {
            watcher.send.yield(Self.line(type, object))
        }
    }

    private static func line(_ type: String, _ object: JSON) -> [UInt8] {
        let event: JSON = ["type": .string(type), "object": object]
        return event.bytes + [UInt8(ascii: "\n")]
    }

    private func matches(_ object: JSON, _ request: HTTPRequest) -> Bool {
        let labels = object.at("metadata", "labels")
        return (request.fields["labelSelector"] ?? "").split(separator: ",").allSatisfy { term in
            let parts = term.split(separator: "=").map(String.init)
            return labels?[parts[0]]?.string == parts[1]
        }
    }

    /// `/api/v1/pods`, `/api/v1/namespaces/ns/pods`, and no single object.
    private static func isCollection(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.dropFirst(parts.first == "api" ? 2 : 3).count % 2 == 1
    }

    /// `/api/v1/pods` holds `/api/v1/namespaces/ns/pods/p`, and so does `/api/v1/namespaces/ns/pods`.
    private static func isIn(_ collection: String, _ path: String) -> Bool {
        let holder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if holder == collection { return true }
        let parts = holder.split(separator: "/")
        guard let at = parts.firstIndex(of: "namespaces"), parts.count == at + 3 else { return false }
        let clusterWide = parts[..<at] + [parts[at + 2]]
        return "/" + clusterWide.joined(separator: "/") == collection
    }
}
