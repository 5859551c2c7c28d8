import Foundation
import HTTP
import JSON
import Kubernetes
import TestSupport

/// From the moment at which the API server knows that the new pod is ready to the moment at which the channel's
/// message says so, in a demo. The target: under 200 ms at the median.
struct LatencyBenchmark {
    let demo: DemoProcess

    static let runs = 15

    func run() async throws {
        _ = try await demo.command("register cats")
        try await demo.waitForMessages("the registration") { $0.contains { $0.text.contains("cats is registered") } }
        try await demo.carryOut("deploy cats test main", end: "cats is live on test:")
        var figures = Figures()
        for _ in 1...Self.runs { figures.add(try await latency()) }
        print(figures.line("pods ready to edited message"))
        print(String(format: "%.2f of the 200 ms that it may take\n", figures.median / 0.2))
    }

    private func latency() async throws -> Duration {
        try await demo.waitUntilQuiet()
        let known = Set(try await demo.messages().map(\.ts))
        let watch = try await PodReadiness(kubeconfig: demo.kubeconfig)
        _ = try await demo.command("deploy cats test main")
        let ready = try await watch.nextReady()
        while try await !demo.messages().contains(where: { message in
            !known.contains(message.ts) && message.thread == nil
                && (message.words.contains("1/1") || message.text.contains("live"))
        }) {
            try await Task.sleep(for: .milliseconds(2))
        }
        return max(.zero, ContinuousClock.now - ready)
    }
}

/// A watch of its own on the demo's pods.
private struct PodReadiness {
    private let stream: HTTPClientStream

    init(kubeconfig: URL) async throws {
        let connection = try Kubeconfig(path: kubeconfig.path).connection()
        guard case .token(let token) = connection.credential else { throw TestFailure("the demo has no token") }
        let client = HTTPClient()
        let headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        let pods = connection.server + "/api/v1/pods"
        let list = try await client.send(HTTPClientRequest("GET", pods, headers: headers, timeout: .seconds(10)))
        let version = try JSON.parse(list.body).at("metadata", "resourceVersion")?.string ?? ""
        stream = try await client.open(HTTPClientRequest(
            "GET", "\(pods)?watch=1&resourceVersion=\(version)", headers: headers, timeout: .seconds(60)))
    }

    /// When a pod that was not there before has become ready.
    func nextReady() async throws -> ContinuousClock.Instant {
        var line: [UInt8] = []
        var new: Set<String> = []
        for try await chunk in stream.chunks {
            for byte in chunk {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                let event = try JSON.parse(line)
                line = []
                let name = event["object"]?.at("metadata", "name")?.string ?? ""
                if event["type"] == "ADDED" { new.insert(name) }
                let conditions = event["object"]?.at("status", "conditions")?.array ?? []
                let isReady = conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" }
                if isReady, new.contains(name) { return ContinuousClock.now }
            }
        }
        throw TestFailure("the watch on pods ended")
    }
}
