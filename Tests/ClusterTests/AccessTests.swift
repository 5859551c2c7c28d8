import Deploys
import JSON
import Kubernetes
import XCTest

/// What needs no node: rights, the Lease, watches, and fields that others own.
final class AccessTests: ClusterCase {
    private static let rbac = "rbac.authorization.k8s.io"
    private static let roles = KubernetesResource(
        group: rbac, version: "v1", kind: "Role", plural: "roles")
    private static let bindings = KubernetesResource(
        group: rbac, version: "v1", kind: "RoleBinding", plural: "rolebindings")

    /// A client that acts as a ServiceAccount with these rules.
    private func limited(
        _ cluster: ClusterUnderTest, _ namespace: String, rules: JSON
    ) async throws -> KubernetesClient {
        let account = "limited"
        let metadata: JSON = ["name": .string(account), "namespace": .string(namespace)]
        _ = try await cluster.client.create(
            ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata])
        _ = try await cluster.client.create(
            ["apiVersion": "\(Self.rbac)/v1", "kind": "Role", "metadata": metadata, "rules": rules],
            as: Self.roles)
        _ = try await cluster.client.create([
            "apiVersion": "\(Self.rbac)/v1", "kind": "RoleBinding", "metadata": metadata,
            "roleRef": ["apiGroup": .string(Self.rbac), "kind": "Role", "name": .string(account)],
            "subjects": [["kind": "ServiceAccount", "name": .string(account), "namespace": .string(namespace)]],
        ], as: Self.bindings)
        return try await cluster.acting(as: account, in: namespace)
    }

    func testAMissingRightIsNamed() async throws {
        let cluster = try cluster()
        let namespace = try await cluster.madeNamespace("rights")
        let client = try await limited(cluster, namespace, rules: [
            ["apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]],
        ])
        let maps = try await client.list(.configMaps, namespace: namespace)
        XCTAssertFalse(maps.resourceVersion.isEmpty)
        do throws(KubernetesError) {
            _ = try await client.list(.secrets, namespace: namespace)
            XCTFail("secrets may be read")
        } catch {
            XCTAssertTrue(error.sentence.contains("secrets"), error.sentence)
            XCTAssertTrue(error.sentence.contains("list"), error.sentence)
        }
    }

    func testTheApplyIsRefusedWhereNothingMayBeCreated() async throws {
        let cluster = try cluster()
        let namespace = try await cluster.madeNamespace("creates")
        let client = try await limited(cluster, namespace, rules: [
            ["apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "patch"]],
        ])
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": "x", "namespace": .string(namespace)], "data": ["a": "1"],
        ]
        do throws(KubernetesError) {
            _ = try await client.apply(map)
            XCTFail("a patch creates without the right to create")
        } catch {
            XCTAssertTrue(error.sentence.contains("configmaps"), error.sentence)
        }
        _ = try await cluster.client.apply(map)
        let again = try await client.apply(map)
        XCTAssertEqual(again.at("data", "a"), "1")
    }

    func testConflictsNameFieldAndManager() async throws {
        let cluster = try cluster()
        let namespace = try await cluster.madeNamespace("conflict")
        let metadata: JSON = ["name": "x", "namespace": .string(namespace)]
        var map: JSON = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": ["a": "1"]]
        _ = try await cluster.client.apply(map)
        // As `kubectl edit` does: the whole object, by another manager.
        var edited = try await cluster.client.get(.configMaps, namespace: namespace, name: "x")
        edited["data"] = ["a": "edited"]
        try await cluster.put(edited, .configMaps, manager: "kubectl-edit")
        map["data"] = ["a": "2"]
        do throws(KubernetesError) {
            _ = try await cluster.client.apply(map, force: false)
            XCTFail("another's field was taken without force")
        } catch {
            guard case .fieldConflicts(let conflicts) = error else { return XCTFail("\(error)") }
            XCTAssertTrue("\(conflicts)".contains("kubectl-edit"), "\(conflicts)")
            XCTAssertTrue("\(conflicts)".contains(".data.a"), "\(conflicts)")
        }
        let forced = try await cluster.client.apply(map)
        let managers = (forced.at("metadata", "managedFields")?.array ?? []).compactMap { $0["manager"]?.string }
        XCTAssertEqual(managers, ["iterapp"], "an owner of nothing is no owner any more")
    }

    func testOneOfTwoBotsHoldsTheLease() async throws {
        let cluster = try cluster()
        let namespace = try await cluster.madeNamespace("lease")
        var limits = LeaseLimits()
        limits.pollInterval = .milliseconds(100)
        let held = AsyncStream.makeStream(of: String.self)
        func bot(_ name: String) -> Task<Void, Never> {
            let keeper = LeaseKeeper(
                client: cluster.client, namespace: namespace, identity: LeaseIdentity(name: name),
                limits: limits, log: .silent)
            return Task {
                await keeper.run {
                    held.continuation.yield(name)
                    while (try? await Task.sleep(for: .seconds(60))) != nil {}
                }
            }
        }
        var holders = held.stream.makeAsyncIterator()
        let first = bot("one")
        let holder = await holders.next()
        XCTAssertEqual(holder, "one")
        let second = bot("two")
        let lease = try await cluster.client.get(.leases, namespace: namespace, name: "iterapp")
        XCTAssertEqual(lease.at("spec", "holderIdentity"), "one")
        first.cancel()
        await first.value
        let next = await holders.next()
        XCTAssertEqual(next, "two", "a Lease that was given back is free at once")
        second.cancel()
        await second.value
    }

    func testWatchesTellChangesOfOurObjectsOnly() async throws {
        let cluster = try cluster()
        let namespace = try await cluster.madeNamespace("watch")
        func map(_ name: String, _ label: String) -> JSON {
            [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": [
                    "name": .string(name), "namespace": .string(namespace), "labels": ["ct": .string(label)],
                ],
            ]
        }
        let version = try await cluster.client.list(.configMaps, namespace: namespace).resourceVersion
        for (name, label) in [("a", "ours"), ("b", "theirs"), ("c", "ours")] {
            _ = try await cluster.client.apply(map(name, label))
        }
        var seen: [String] = []
        let events = cluster.watch(
            .configMaps, namespace: namespace, labelSelector: "ct=ours", from: version)
        for await event in events {
            seen.append(event)
            if seen.count == 2 { break }
        }
        XCTAssertEqual(seen, ["ADDED a", "ADDED c"])
    }
}
