import Foundation
import JSON
import XCTest

@testable import Sandbox

/// Pods here go through the same states in the same order as pods of a real node did
/// (`Fixtures/node/recorded-pod-states.json`, reduced from a watch of a Kubernetes 1.36 cluster).
final class NodeRecordingTests: XCTestCase {
    private static let image = "iterapp-test-recording:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    /// What the reduction keeps of a pod.
    private static func line(_ pod: JSON) -> String {
        var words = [pod.at("status", "phase")?.string ?? ""]
        if let container = pod.at("status", "containerStatuses")?[0] {
            let state = container["state"]?.object?.first
            let reason = state?.value["reason"]?.string
            words.append((state?.key ?? "") + (reason.map { "/" + $0 } ?? ""))
            words.append("last=\(container.at("lastState", "terminated", "reason")?.string ?? "none")")
            words.append("restarts=\(container["restartCount"]?.int ?? -1)")
            words.append("ready=\(container["ready"]?.bool ?? false)")
            words.append("started=\(container["started"]?.bool ?? false)")
        } else {
            words.append("none")
        }
        let conditions = Conditions(pod.at("status", "conditions"))
        for type in ["PodScheduled", "PodReadyToStartContainers", "Ready"] {
            guard let condition = conditions[type] else { continue }
            let reason = condition["reason"]?.string.map { "/" + $0 } ?? ""
            words.append("\(type)=\(condition["status"]?.string ?? "")\(reason)")
        }
        if pod.isBeingDeleted { words.append("deleting") }
        return words.joined(separator: " ")
    }

    private func recorded() throws -> [String: [String]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/node/recorded-pod-states.json")
        let json = try JSON.parse(Array(Data(contentsOf: file)))
        return (json.object ?? [:]).mapValues { ($0.array ?? []).compactMap(\.string) }
    }

    private func deployAll(_ bench: ClusterBench) async throws {
        try await bench.deploy("good", image: Self.image) {
            // Deaf to SIGTERM, as the recorded one was.
            $0["command"] = ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]
        }
        try await bench.deploy("nopull", image: "iterapp-test-nope:1")
        try await bench.deploy("crash", image: Self.image) {
            $0["command"] = ["/bin/busybox", "sh", "-c", "/bin/busybox echo panic; exit 2"]
        }
        try await bench.deploy("nosecret", image: Self.image) {
            $0["env"] = [["name": "T", "valueFrom": ["secretKeyRef": ["name": "none", "key": "t"]]]]
        }
        try await bench.deploy("toobig", image: Self.image) { $0["resources"] = ["requests": ["cpu": "1k"]] }
        try await bench.deploy("unready", image: Self.image) {
            $0.set("/nope", at: "readinessProbe", "httpGet", "path")
        }
        try await bench.deploy("oom", image: Self.image) {
            $0["command"] = ["/bin/busybox", "sh", "-c", "a=x; while true; do a=$a$a; done"]
            $0["resources"] = ["limits": ["memory": "16Mi"], "requests": ["memory": "16Mi"]]
        }
    }

    func testEveryPodGoesThroughTheRecordedStates() async throws {
        let recorded = try recorded()
        XCTAssertEqual(recorded.count, 7)
        try await ClusterBench().run { bench in
            let changes = try await bench.store.watch(.pod)
            try await deployAll(bench)
            let reader = Task { () -> [String: [String]] in
                var seen: [String: [String]] = [:]
                var first: [String: String] = [:]
                for await change in changes where change.kind != .deleted {
                    let pod = change.object
                    let app = pod.labels["app.kubernetes.io/name"] ?? ""
                    // The pod that replaces a deleted one is another story.
                    guard first[app, default: pod.uid] == pod.uid else { continue }
                    first[app] = pod.uid
                    let line = Self.line(pod)
                    if seen[app]?.last != line { seen[app, default: []].append(line) }
                    if app == "good", line.contains("Ready=True"), !pod.isBeingDeleted {
                        _ = try? await bench.store.delete(
                            .pod, namespace: pod.namespace, name: pod.name,
                            DeleteOptions(gracePeriodSeconds: 1))
                    }
                    if recorded.allSatisfy({ seen[$0.key, default: []].count >= $0.value.count }) { break }
                }
                return seen
            }
            let limiter = Task {
                try await Task.sleep(for: .seconds(25))
                reader.cancel()
            }
            let seen = await reader.value
            limiter.cancel()
            for (app, lines) in recorded {
                XCTAssertEqual(Array(seen[app, default: []].prefix(lines.count)), lines, app)
            }
        }
    }
}
