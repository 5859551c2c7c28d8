import Foundation
import HTTP
import JSON

/// `GET …/pods/{name}/log`
/// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/, "read log").
struct LogRoute: Sendable {
    let store: ObjectStore
    let logs: any PodLogs

    func answer(_ call: APICall, name: String) async throws(APIError) -> HTTPResponse {
        let pod = try await store.get(.pod, namespace: call.path.namespace ?? "", name: name)
        let container = try container(of: pod, call.query["container"])
        let options = try options(call.query)
        let limit = try call.query.number("limitBytes")
        let text = try await logs.log(of: pod, container: container, options)
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "text/plain", "Cache-Control": "no-cache, private"],
            body: .stream(limit.map { Self.first($0, of: text) } ?? text))
    }

    private func options(_ query: APIQuery) throws(APIError) -> PodLogOptions {
        var options = PodLogOptions()
        options.previous = query.flag("previous")
        options.timestamps = query.flag("timestamps")
        options.follow = query.flag("follow")
        options.tailLines = try query.number("tailLines")
        if let lines = options.tailLines, lines < 0 {
            throw .invalid(
                qualifiedKind: "PodLogOptions",
                [.invalid("tailLines", .int(lines), "must be greater than or equal to 0")],
                details: ["kind": "PodLogOptions"], name: "")
        }
        if let seconds = try query.number("sinceSeconds") {
            options.since = store.now().addingTimeInterval(-TimeInterval(seconds))
        } else if let text = query["sinceTime"] {
            guard let time = try? Date(text, strategy: .iso8601) else {
                throw .badRequest("sinceTime: \"\(text)\" is not a time in RFC 3339")
            }
            options.since = time
        }
        return options
    }

    private func container(of pod: JSON, _ wanted: String?) throws(APIError) -> String {
        func names(_ list: String) -> [String] {
            (pod.at("spec", list)?.array ?? []).compactMap { $0["name"]?.string }
        }
        let (main, initial) = (names("containers"), names("initContainers"))
        if let wanted {
            guard (main + initial).contains(wanted) else {
                throw .badRequest("container \(wanted) is not valid for pod \(pod.name)")
            }
            return wanted
        }
        if let first = main.first, main.count == 1, initial.isEmpty { return first }
        let others =
            initial.isEmpty
            ? "" : " or one of the init containers: [\(initial.joined(separator: " "))]"
        throw .badRequest(
            "a container name must be specified for pod \(pod.name), choose one of: "
                + "[\(main.joined(separator: " "))]\(others)")
    }

    /// The beginning of a stream of bytes.
    private static func first(
        _ limit: Int, of text: AsyncThrowingStream<[UInt8], any Error>
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                var left = limit
                do {
                    for try await bytes in text where left > 0 {
                        continuation.yield(Array(bytes.prefix(left)))
                        left -= bytes.count
                        if left <= 0 { break }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
