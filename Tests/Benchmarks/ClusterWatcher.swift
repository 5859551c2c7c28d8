import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Synchronization
import TestSupport

/// What the service does while nothing is deployed, in a process of its own, so that its memory and its time are
/// nobody else's.
enum ClusterWatcher {
    static let mode = "cluster-watcher"
    static let inventoryFile = "inventory"
    static let figuresFile = "figures"
    static let lastNamespace = "apps-app\(String(format: "%04d", ScaleBenchmark.apps))-test"
    /// Long enough for the kernel's clock.
    private static let measured = Duration.seconds(20)

    static func watch(in directory: URL) async throws {
        let connection = try Kubeconfig(path: directory.appending(path: "kubeconfig").path).connection()
        let placed = try JSONDecoder().decode(
            [PlacedObject].self, from: Data(contentsOf: directory.appending(path: inventoryFile)))
        let client = KubernetesClient(connection, http: HTTPClient())
        let inventory = ListInventory(placed)
        let reconciler = Reconciler(client, inventory: inventory, options: BenchmarkApps.options)
        var figures: JSON = [:]
        func write() throws {
            try Data(figures.text.utf8).write(to: directory.appending(path: figuresFile), options: .atomic)
        }

        let memory = residentBytes()
        let (start, cpu) = (ContinuousClock.now, cpuTime())
        let drift = AsyncStream.makeStream(of: String.self)
        let watching = Task { await reconciler.watchDrift { drift.continuation.yield($0) } }
        for await namespace in drift.stream where namespace == lastNamespace { break }
        figures["started"] = .double((ContinuousClock.now - start) / .seconds(1))
        figures["startedCPU"] = .double(cpuTime() - cpu)
        // A deploy brings in the watches that only roll-outs need.
        let plan = try reconciler.plan(BenchmarkApps.release("app0001"))
        let deploy = Task { _ = try? await reconciler.rollOut(plan) { _ in } }
        try await Task.sleep(for: .seconds(5))
        deploy.cancel()
        await deploy.value
        figures["memory"] = .int(residentBytes())
        figures["memoryAdded"] = .int(residentBytes() - memory)
        try write()
        figures["idle"] = .double(try await load())
        try write()
        figures["busy"] = .double(try await load())
        try write()
        await watching.value
    }

    /// The share of one core that this process takes for a while.
    private static func load() async throws -> Double {
        let (start, cpu) = (ContinuousClock.now, cpuTime())
        try await Task.sleep(for: measured)
        return (cpuTime() - cpu) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// Seconds, of all threads.
    private static func cpuTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
    }
}
