import Deploys
import HTTP
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// Drift among thousands of objects: a constant number of watches, and no request where nothing differs.
final class DriftScaleTests: XCTestCase {
    private static let namespaces = 1_000
    private static let kinds: [KubernetesResource] = [
        .namespaces, .serviceAccounts, .secrets, .configMaps, .services, .deployments, .podDisruptionBudgets, .cronJobs,
    ]
    /// Not installed in this cluster.
    private static let missing: [KubernetesResource] = [.podMonitors, .listenerSets, .middlewares]

    private static func object(_ kind: KubernetesResource, _ namespace: String, owned: String = "f:spec") -> JSON {
        let name = kind == .namespaces ? namespace : "web"
        return [
            "metadata": [
                "name": .string(name), "namespace": kind.isNamespaced ? .string(namespace) : .null,
                "uid": .string("\(kind.plural)-\(namespace)"), "resourceVersion": "5",
                "labels": ["app.kubernetes.io/managed-by": "iterapp"],
                "managedFields": [
                    [
                        "manager": "iterapp", "operation": "Apply", "apiVersion": .string(kind.apiVersion),
                        "time": "2026-11-20T23:25:51Z", "fieldsType": "FieldsV1", "fieldsV1": [owned: [:]],
                    ]
                ],
            ]
        ]
    }

    private static func name(_ index: Int) -> String { "apps-app\(index / 2)-\(index % 2 == 0 ? "test" : "prod")" }

    /// Answers lists and watches, and objects of `changed` as somebody has changed them.
    private static func handler(changed: String, onWatch: @escaping @Sendable (_ kind: String) -> Void) -> HTTPHandler {
        { request in
            let parts = request.path.split(separator: "/").map(String.init)
            guard let kind = KubernetesResource.rendered.first(where: { request.path == $0.path() }) else {
                guard let kind = kinds.first(where: { parts.contains($0.plural) && parts.last != $0.plural }) else {
                    return StandInAPI.recorded("error-404.http")
                }
                let namespace = kind == .namespaces ? parts[parts.count - 1] : parts[parts.count - 3]
                return StandInAPI.json(object(kind, namespace, owned: namespace == changed ? "f:data" : "f:spec"))
            }
            if missing.contains(kind) { return .text(404, "404 page not found") }
            if request.fields["watch"] == "1" {
                onWatch(kind.plural)
                let (stream, _) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
                return HTTPResponse(status: 200, headers: [:], body: .stream(stream))
            }
            var items: [JSON] = []
            for index in 0..<namespaces where kinds.contains(kind) {
                let isChanged = name(index) == changed && kind == .services
                items.append(object(kind, name(index), owned: isChanged ? "f:data" : "f:spec"))
            }
            return StandInAPI.json(["items": .array(items), "metadata": ["resourceVersion": "5"]])
        }
    }

    func testThousandNamespacesAreComparedAndWatchedByOneWatchPerKind() async throws {
        let changed = Self.name(717)
        let (opened, open) = AsyncStream<String>.makeStream()
        let placed = (0..<Self.namespaces).flatMap { index in
            Self.kinds.map { kind in
                PlacedObject(Self.object(kind, Self.name(index)), kind, namespace: Self.name(index))
            }
        }
        let api = try StandInAPI(Self.handler(changed: changed) { open.yield($0) })
        let client = KubernetesClient(KubernetesConnection(server: api.url), http: HTTPClient())
        let reconciler = Reconciler(client, inventory: ListInventory(placed))
        let start = ContinuousClock.now
        let (told, tell) = AsyncStream<String>.makeStream()
        let watching = Task { await reconciler.watchDrift { tell.yield($0) } }
        let limit = Task {
            try await Task.sleep(for: .seconds(60))
            tell.finish()
        }
        var first: String?
        for await namespace in told {
            first = namespace
            break
        }
        let took = ContinuousClock.now - start
        watching.cancel()
        await watching.value
        limit.cancel()
        await reconciler.stop()
        await api.stop()
        XCTAssertEqual(first, changed)
        open.finish()
        var watched: [String] = []
        for await kind in opened { watched.append(kind) }
        XCTAssertEqual(Set(watched).count, watched.count, "one for each kind: \(watched)")
        XCTAssertEqual(
            Set(watched), Set(DriftWatch.kinds.filter { !Self.missing.contains($0) }.map { $0.plural }))
        let collections = KubernetesResource.rendered.map { $0.path() }
        let gets = api.requests.map { $0.path }.filter { !collections.contains($0) }
        XCTAssertEqual(gets, [KubernetesResource.services.path(namespace: changed, name: "web")])
        let lists = api.requests.filter { $0.path == KubernetesResource.podMonitors.path() }
        XCTAssertEqual(lists.count, 1, "a kind that is not installed is not asked for again and again")
        print("listed and compared \(placed.count) objects in \(took)")
    }
}
