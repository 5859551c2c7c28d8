import AppFile
import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Subprocess
import TestSupport

/// 1,000 apps in two environments each, and one service that looks after them. The targets: as many watches as kinds,
/// under 2% of a core while nothing happens.
struct ScaleBenchmark {
    static let apps = 1_000
    static let environments: [EnvironmentName] = [.prod, .test]
    private static let deploysAtOnce = 8

    let kubeconfig: URL
    /// Nil for a cluster that was named: nobody counts its watches and requests then.
    let server: ClusterServer?
    private let client: KubernetesClient

    init(kubeconfig: URL, server: ClusterServer?) throws {
        self.kubeconfig = kubeconfig
        self.server = server
        client = KubernetesClient(try Kubeconfig(path: kubeconfig.path).connection(), http: HTTPClient())
    }

    func run() async throws {
        let start = ContinuousClock.now
        let inventory = try await populate()
        print("\(Self.apps) apps in \(Self.environments.count) environments, \(inventory.all.count) objects, "
            + "made in \((ContinuousClock.now - start).formatted(.units(allowed: [.seconds])))")
        try await withTemporaryDirectory { directory in
            try FileManager.default.copyItem(at: kubeconfig, to: directory.appending(path: "kubeconfig"))
            try JSONEncoder().encode(inventory.all).write(to: directory.appending(path: ClusterWatcher.inventoryFile))
            let before = try server?.counts()
            let watcher = try RunningProgram(
                "/proc/self/exe", [ClusterWatcher.mode, directory.path],
                logFile: directory.appending(path: "watcher.log").path)
            // Its first figures come when it has compared everything.
            let started = try await figures(in: directory, watcher) { $0["started"] != nil }
            try await Task.sleep(for: ClusterServer.interval * 2)
            let after = try server?.counts()
            let idle = try await figures(in: directory, watcher) { $0["idle"] != nil }
            let busy = try await whilePodsChange { try await figures(in: directory, watcher) { $0["busy"] != nil } }
            await watcher.terminate(grace: .seconds(5))
            report(started, idle, busy, before: before, after: after)
        }
    }

    private func report(
        _ started: JSON, _ idle: JSON, _ busy: JSON, before: ClusterServer.Statistics?,
        after: ClusterServer.Statistics?
    ) {
        func number(_ json: JSON?) -> Double {
            if case .double(let number)? = json { return number }
            return Double(json?.int ?? 0)
        }
        print(String(format: "start-up comparison: %.2f s, %.2f s of it busy",
            number(started["started"]), number(started["startedCPU"])))
        if let before, let after {
            print("watches: \(after.watches), requests until everything was compared: "
                + "\(after.requests - before.requests)")
        }
        print(String(format: "memory: %.0f MB with everything seen, %.1f kB an app",
            number(started["memory"]) / 1e6, number(started["memoryAdded"]) / Double(Self.apps) / 1e3))
        print(String(format: "CPU: %.2f%% of a core while nothing happens (target: under 2%%), %.2f%% with %d changed "
            + "pods a second\n", number(idle["idle"]) * 100, number(busy["busy"]) * 100, Self.changesPerSecond))
    }

    /// Waits until the watcher has written what is looked for.
    private func figures(
        in directory: URL, _ watcher: RunningProgram, _ condition: (JSON) -> Bool
    ) async throws -> JSON {
        let end = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < end, watcher.isRunning {
            let file = directory.appending(path: ClusterWatcher.figuresFile)
            if let data = try? Data(contentsOf: file), let json = try? JSON.parse(data), condition(json) { return json }
            try await Task.sleep(for: .milliseconds(50))
        }
        let log = (try? String(contentsOf: directory.appending(path: "watcher.log"), encoding: .utf8)) ?? ""
        throw TestFailure("the watcher did not come so far:\n\(log.suffix(2_000))")
    }

    // MARK: The cluster

    private static func name(_ number: Int) -> String { String(format: "app%04d", number) }

    private func populate() async throws -> ListInventory {
        let inventory = ListInventory()
        let reconciler = Reconciler(client, inventory: inventory, options: BenchmarkApps.options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...Self.apps {
                if number > Self.deploysAtOnce { try await group.next() }
                group.addTask {
                    for environment in Self.environments {
                        let release = try BenchmarkApps.release(Self.name(number), environment: environment)
                        _ = try await reconciler.repair(try reconciler.plan(release))
                        _ = try await client.create(Self.pod(release), as: .pods)
                    }
                }
            }
            try await group.waitForAll()
        }
        // The last one that is compared: when it is told, everything was.
        _ = try await client.delete(
            .services, namespace: ClusterWatcher.lastNamespace, name: Self.name(Self.apps), uid: nil)
        return inventory
    }

    /// As a ReplicaSet would make it.
    private static func pod(_ release: Release) throws -> JSON {
        let objects = try KubernetesObjects.render(release, BenchmarkApps.options).objects
        guard let template = objects.first(where: { $0["kind"] == "Deployment" })?.at("spec", "template"),
            var metadata = template["metadata"], let spec = template["spec"]
        else { throw TestFailure("no Deployment") }
        metadata["name"] = .string("\(release.appSlug)-5d4f8c7b9-x2x7k")
        metadata["namespace"] = .string(release.namespace)
        return ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec]
    }

    static let changesPerSecond = 20

    /// Changes pods as kubelets do, until `body` is done.
    private func whilePodsChange<Result>(_ body: () async throws -> Result) async throws -> Result {
        let changing = Task { [client] in
            var number = 0
            while !Task.isCancelled {
                number = number % Self.apps + 1
                let release = try BenchmarkApps.release(Self.name(number))
                var pod = try await client.get(
                    .pods, namespace: release.namespace, name: "\(release.appSlug)-5d4f8c7b9-x2x7k")
                pod["metadata"]?["annotations"]?["changed"] = .string("\(ContinuousClock.now)")
                _ = try await client.replace(pod, as: .pods)
                try await Task.sleep(for: .seconds(1) / Self.changesPerSecond)
            }
        }
        defer { changing.cancel() }
        return try await body()
    }
}
