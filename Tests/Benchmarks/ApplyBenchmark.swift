import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Subprocess
import TestSupport

/// The objects of 100 new apps, brought in by our applier and by `kubectl apply --server-side`, in turns, against one
/// server. The target: at most a quarter of kubectl's time.
struct ApplyBenchmark {
    static let runs = 5
    static let apps = 100
    /// Deploys that run side by side, as in the service.
    static let deploysAtOnce = WorkLimits().maxRunningOperations
    private static let kubectl = "/usr/bin/kubectl"

    let kubeconfig: URL
    private let client: KubernetesClient

    init(kubeconfig: URL) throws {
        self.kubeconfig = kubeconfig
        client = KubernetesClient(try Kubeconfig(path: kubeconfig.path).connection(), http: HTTPClient())
    }

    func run() async throws {
        do {
            try await measure()
        } catch {
            await removeAll()
            throw error
        }
        // Only now: a cluster that takes namespaces away has less time for others.
        await removeAll()
    }

    private func measure() async throws {
        // The first requests of all pay for connections and caches that the others find.
        _ = try await byKubectl("warm-k", apps: 1)
        _ = try await byReconciler("warm-i", apps: 1)
        var kubectl = Figures()
        var ours = Figures()
        for run in 1...Self.runs {
            kubectl.add(try await byKubectl("bench\(run)k", apps: Self.apps))
            ours.add(try await byReconciler("bench\(run)i", apps: Self.apps))
        }
        print(kubectl.line("kubectl apply --server-side"))
        print(ours.line("our applier"))
        print(String(
            format: "%d objects: %.2f of kubectl's time (target: at most 0.25)\n",
            Self.apps * BenchmarkApps.objectsPerApp, ours.median / kubectl.median))
    }

    private func names(_ title: String, _ apps: Int) -> [String] { (1...apps).map { "\(title)\($0)" } }

    private func byKubectl(_ title: String, apps: Int) async throws -> Duration {
        try await withTemporaryDirectory { directory in
            let names = names(title, apps)
            for name in names {
                let documents = try BenchmarkApps.objects(name).map { "---\n\($0.text)\n" }.joined()
                try Data(documents.utf8).write(to: directory.appending(path: "\(name).yaml"))
            }
            var run = ProgramRun(
                Self.kubectl, ["apply", "--server-side", "-f", directory.path], timeLimit: .seconds(600))
            run.environment = ["KUBECONFIG": kubeconfig.path]
            let start = ContinuousClock.now
            let result = try await run.run()
            let took = ContinuousClock.now - start
            guard result.exitCode == 0 else {
                throw TestFailure("kubectl: \(String(decoding: result.errorOutput, as: UTF8.self))")
            }
            return took
        }
    }

    /// Putting plans right that nothing is there of: the applier's requests, and no pods to wait for.
    private func byReconciler(_ title: String, apps: Int) async throws -> Duration {
        let names = names(title, apps)
        let reconciler = Reconciler(client, inventory: ListInventory(), options: BenchmarkApps.options)
        let plans = try names.map { try reconciler.plan(BenchmarkApps.release($0)) }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = plans[...]
            func startOne() {
                guard let plan = waiting.popFirst() else { return }
                group.addTask { _ = try await reconciler.repair(plan) }
            }
            for _ in 0..<Self.deploysAtOnce { startOne() }
            while try await group.next() != nil { startOne() }
        }
        let took = ContinuousClock.now - start
        return took
    }

    private func removeAll() async {
        let titles = (1...Self.runs).flatMap { ["bench\($0)k", "bench\($0)i"] }
        let all = titles.flatMap { names($0, Self.apps) } + ["warm-k1", "warm-i1"]
        await withTaskGroup(of: Void.self) { group in
            for name in all {
                group.addTask { [client] in
                    _ = try? await client.delete(
                        .namespaces, namespace: nil, name: "apps-\(name)-test", uid: nil)
                }
            }
        }
    }
}
