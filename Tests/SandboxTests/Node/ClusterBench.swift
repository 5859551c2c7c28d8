import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Sandbox

/// An embedded cluster for one test: a store, the controllers and a node on the machine's Docker Engine. All
/// its containers are gone at the end.
final class ClusterBench: Sendable {
    let store: ObjectStore
    private let clock: TestClock
    let http = HTTPClient()
    let engine: DockerEngineClient
    let settings: NodeSettings
    private let running = Mutex<ClusterNode?>(nil)
    private let loop = Mutex<ControllerLoop?>(nil)
    static let namespace = "apps-cats-test"

    /// - Parameter clock: of all but the node.
    init(
        socket: String = TestImage.socket, clock: TestClock = TestClock(),
        _ adjust: (inout NodeSettings) -> Void = { _ in }
    ) throws {
        try TestImage.require()
        self.clock = clock
        store = ObjectStore { clock.now }
        engine = DockerEngineClient(socketPath: socket, http: http)
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-node-\(UUID().uuidString)")
        var settings = NodeSettings(cluster: ClusterID(directory: directory), directory: directory)
        settings.toolsTag = TestImage.toolsTag
        settings.drainDelay = .milliseconds(100)
        settings.backOff = BackOff(initial: 0.3, longest: 2)
        adjust(&settings)
        self.settings = settings
    }

    deinit { try? FileManager.default.removeItem(at: settings.directory) }

    /// Starts the cluster, runs `body`, and takes everything away again.
    func run(_ body: (ClusterBench) async throws -> Void) async throws {
        try await store.create(.namespace, ["metadata": ["name": .string(Self.namespace)]], by: "test")
        do {
            try await whileRunning(body)
        } catch {
            await removeContainers()
            throw error
        }
        await removeContainers()
    }

    /// Runs the controllers and a node; may be called again, as if the demo had been started again.
    func whileRunning(_ body: (ClusterBench) async throws -> Void) async throws {
        let node = node()
        running.withLock { $0 = node }
        let loop = ControllerLoop(store: store, now: { [clock] in clock.now }, jobBackOff: settings.backOff)
        self.loop.withLock { $0 = loop }
        let tasks = [Task { await node.run() }, Task { await loop.run() }]
        defer { for task in tasks { task.cancel() } }
        do {
            try await body(self)
        } catch {
            for task in tasks { task.cancel() }
            for task in tasks { await task.value }
            throw error
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    func node() -> ClusterNode {
        ClusterNode(store: store, engine: engine, http: http, settings: settings)
    }

    /// Moves the clock to a moment.
    func turn(to date: Date) async {
        clock.stop(at: date)
        await loop.withLock { $0 }?.lookAgain()
    }

    /// The node that runs now, or ran last.
    var runningNode: ClusterNode { get throws { try XCTUnwrap(running.withLock { $0 }) } }

    private func removeContainers() async {
        let engine = engine
        await withTaskGroup(of: Void.self) { group in
            for container in await containers() {
                group.addTask { try? await engine.remove(container.id) }
            }
        }
    }

    func containers() async -> [ContainerSummary] {
        (try? await engine.list(label: ContainerLabel.cluster, value: settings.cluster.text)) ?? []
    }

    // MARK: - Objects

    /// Creates the Deployment, or replaces its spec.
    @discardableResult
    func deploy(
        _ name: String = "cats", image: String, replicas: Int = 1,
        _ adjust: (inout JSON) -> Void = { _ in }
    ) async throws -> JSON {
        var container: JSON = [
            "name": .string(name), "image": .string(image), "imagePullPolicy": "IfNotPresent",
            "ports": [["name": "http", "containerPort": 8080, "protocol": "TCP"]],
            "resources": [:],
            "readinessProbe": [
                "httpGet": ["path": "/index.html", "port": 8080, "scheme": "HTTP"], "timeoutSeconds": 1,
                "periodSeconds": 1, "successThreshold": 1, "failureThreshold": 3,
            ],
        ]
        adjust(&container)
        let labels: JSON = ["app.kubernetes.io/name": .string(name)]
        let deployment: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
            "spec": [
                "replicas": .int(replicas), "selector": ["matchLabels": labels],
                "progressDeadlineSeconds": 600, "revisionHistoryLimit": 10,
                "strategy": [
                    "type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": 0],
                ],
                "template": [
                    "metadata": ["labels": labels],
                    "spec": [
                        "containers": [container], "restartPolicy": "Always",
                        "terminationGracePeriodSeconds": 5,
                    ],
                ],
            ],
        ]
        let exists = (try? await store.get(.deployment, namespace: Self.namespace, name: name)) != nil
        return exists
            ? try await store.update(.deployment, deployment, by: "test")
            : try await store.create(.deployment, deployment, by: "test")
    }

    /// Creates a pod of its own, as no controller would.
    @discardableResult
    func pod(_ name: String = "cats", _ spec: JSON, labels: JSON = [:]) async throws -> JSON {
        var spec = spec
        if spec["terminationGracePeriodSeconds"] == nil { spec["terminationGracePeriodSeconds"] = 5 }
        return try await store.create(.pod, [
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace), "labels": labels],
            "spec": spec,
        ], by: "test")
    }

    /// The pod when its phase is this one.
    @discardableResult
    func phase(_ phase: String, of name: String = "cats", within limit: Duration = .seconds(20)) async throws -> JSON {
        try await first(.pod, within: limit, "\(name) is never \(phase)") {
            $0.name == name && $0.at("status", "phase")?.string == phase
        }
    }

    /// All that a container of the pod has written.
    func log(_ pod: JSON, _ container: String) async throws -> String {
        var text: [UInt8] = []
        for try await chunk in try await runningNode.log(of: pod, container: container, PodLogOptions()) {
            text += chunk
        }
        return String(decoding: text, as: UTF8.self)
    }

    func service(_ name: String = "cats") async throws {
        try await store.create(.service, [
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
            "spec": [
                "selector": ["app.kubernetes.io/name": .string(name)],
                "ports": [["name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"]],
            ],
        ], by: "test")
    }

    func secret(_ name: String, _ values: [String: String]) async throws {
        try await store.create(.secret, [
            "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
            "data": .object(values.mapValues { .string(Data($0.utf8).base64EncodedString()) }),
        ], by: "test")
    }

    // MARK: - Waiting

    struct NeverHappened: Error, CustomStringConvertible {
        let description: String
    }

    /// The first object of the kind, now or later, that satisfies the condition; `deleted` ones too.
    @discardableResult
    func first(
        _ kind: ResourceKind, within limit: Duration = .seconds(20), _ what: String,
        where condition: @escaping @Sendable (JSON) -> Bool
    ) async throws -> JSON {
        let changes = try await store.watch(kind)
        let search = Task { () -> JSON? in
            for await change in changes where condition(change.object) { return change.object }
            return nil
        }
        let limiter = Task {
            try await Task.sleep(for: limit)
            search.cancel()
        }
        defer { limiter.cancel() }
        if let object = await search.value { return object }
        let pods = await store.list(.pod).items.map { "\($0.name): \($0["status"]?.text ?? "")" }
        let events = await store.list(.event).items.map {
            "\($0["reason"]?.text ?? ""): \($0["message"]?.text ?? "")"
        }
        throw NeverHappened(description: "\(what)\n" + (pods + events).joined(separator: "\n"))
    }

    @discardableResult
    func rolledOut(_ name: String = "cats", within limit: Duration = .seconds(20)) async throws -> JSON {
        let wanted = try await store.get(.deployment, namespace: Self.namespace, name: name)
        return try await first(.deployment, within: limit, "\(name) never rolled out") { deployment in
            let status = deployment["status"] ?? [:]
            let replicas = deployment.at("spec", "replicas")?.int ?? 0
            return deployment.name == name && deployment.generation >= wanted.generation
                && status["observedGeneration"]?.int == deployment.generation
                && ["replicas", "updatedReplicas", "availableReplicas"].allSatisfy {
                    status[$0]?.int == replicas
                }
        }
    }

    /// The first pod whose first container waits for that reason.
    func waiting(_ reason: String, within limit: Duration = .seconds(20)) async throws -> JSON {
        try await first(.pod, within: limit, "no pod waits with \(reason)") {
            Self.container($0).at("state", "waiting", "reason")?.string == reason
        }
    }

    static func container(_ pod: JSON) -> JSON {
        pod.at("status", "containerStatuses")?[0] ?? [:]
    }

    func pods() async -> [JSON] { await store.list(.pod).items }

    func events(_ reason: String) async -> [String] {
        await store.list(.event).items.filter { $0["reason"]?.string == reason }
            .compactMap { $0["message"]?.string }
    }
}

/// The machine's clock, or a stopped one.
final class TestClock: Sendable {
    private let stopped: Mutex<Date?>

    init(stoppedAt date: Date? = nil) { stopped = Mutex(date) }

    var now: Date { stopped.withLock { $0 } ?? Date() }

    func stop(at date: Date) { stopped.withLock { $0 = date } }
}
