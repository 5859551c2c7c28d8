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
    /// The embedded API serves no OpenAPI document, without which kubectl refuses to validate.
    let validates: Bool
    private let client: KubernetesClient

    init(kubeconfig: URL, validates: Bool) throws {
        self.kubeconfig = kubeconfig
        self.validates = validates
        client = KubernetesClient(try Kubeconfig(path: kubeconfig.path).connection(), http: HTTPClient())
    }

    func run() async throws {
        // The first requests of all pay for connections and caches that the others find.
        _ = try await byKubectl("warm-k", apps: 1)
        _ = try await byApplier("warm-i", apps: 1, withDryRun: true)
        var kubectl = Figures()
        var checked = Figures()
        var plain = Figures()
        for run in 1...Self.runs {
            kubectl.add(try await byKubectl("bench\(run)k", apps: Self.apps))
            checked.add(try await byApplier("bench\(run)c", apps: Self.apps, withDryRun: true))
            plain.add(try await byApplier("bench\(run)p", apps: Self.apps, withDryRun: false))
        }
        print(kubectl.line("kubectl apply --server-side"))
        print(checked.line("our applier, dry run included"))
        print(plain.line("our applier without its dry run"))
        print(String(
            format: "%d objects: %.2f of kubectl's time, %.2f without the dry run (target: at most 0.25)\n",
            Self.apps * BenchmarkApps.objectsPerApp, checked.median / kubectl.median,
            plain.median / kubectl.median))
    }

    private func names(_ title: String, _ apps: Int) -> [String] { (1...apps).map { "\(title)\($0)" } }

    private func byKubectl(_ title: String, apps: Int) async throws -> Duration {
        try await withTemporaryDirectory { directory in
            let names = names(title, apps)
            for name in names {
                let list = KubernetesObjects.list(try BenchmarkApps.objects(name))
                try Data(list.bytes).write(to: directory.appending(path: "\(name).json"))
            }
            var run = ProgramRun(
                Self.kubectl, ["apply", "--server-side", "--validate=\(validates)", "-f", directory.path],
                timeLimit: .seconds(600))
            run.environment = ["KUBECONFIG": kubeconfig.path]
            let start = ContinuousClock.now
            let result = try await run.run()
            let took = ContinuousClock.now - start
            guard result.exitCode == 0 else {
                throw TestFailure("kubectl: \(String(decoding: result.errorOutput, as: UTF8.self))")
            }
            await remove(names)
            return took
        }
    }

    private func byApplier(_ title: String, apps: Int, withDryRun: Bool) async throws -> Duration {
        let names = names(title, apps)
        let objects = try names.map { try BenchmarkApps.objects($0) }
        let applier = ObjectApplier(client: client, limits: RollOutLimits())
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = objects[...]
            func startOne() {
                guard let next = waiting.popFirst() else { return }
                group.addTask {
                    if withDryRun { try await applier.check(next) }
                    for stage in ApplyStage.allCases { _ = try await applier.apply(next.stage(stage)) }
                }
            }
            for _ in 0..<Self.deploysAtOnce { startOne() }
            while try await group.next() != nil { startOne() }
        }
        let took = ContinuousClock.now - start
        await remove(names)
        return took
    }

    private func remove(_ names: [String]) async {
        await withTaskGroup(of: Void.self) { group in
            for name in names {
                group.addTask { [client] in
                    _ = try? await client.delete(
                        .namespaces, namespace: nil, name: "apps-\(name)-test", uid: nil)
                }
            }
        }
    }
}
