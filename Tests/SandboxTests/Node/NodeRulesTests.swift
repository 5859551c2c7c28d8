import Foundation
import JSON
import XCTest

@testable import Sandbox

/// The node's rules that need no engine.
final class NodeRulesTests: XCTestCase {
    private let pod: JSON = ["metadata": ["name": "cats-1", "namespace": "n", "uid": "u"]]

    func testQuantities() {
        let cases: [(String, Double?)] = [
            ("64Mi", 67_108_864), ("500m", 0.5), ("1k", 1_000), ("2", 2), ("1.5G", 1.5e9), ("2e3", 2_000),
            ("1E", 1e18), ("", nil), ("Mi", nil), ("x", nil),
        ]
        for (text, value) in cases { XCTAssertEqual(Quantity(text)?.value, value, text) }
        XCTAssertEqual(Quantity("0.1")?.units, 1)
    }

    func testImageNames() throws {
        func parts(_ text: String) throws -> (String, Bool) {
            let reference = try ImageReference(text)
            return (reference.tagged, reference.hasRegistryHost)
        }
        XCTAssertTrue(try parts("cats") == ("cats:latest", false))
        XCTAssertTrue(try parts("iterapp/cats:3") == ("iterapp/cats:3", false))
        XCTAssertTrue(try parts("docker.io/library/t1:latest") == ("docker.io/library/t1:latest", false))
        XCTAssertTrue(try parts("localhost:5000/nope") == ("localhost:5000/nope:latest", true))
        XCTAssertTrue(try parts("ghcr.io/a/b@sha256:00") == ("ghcr.io/a/b@sha256:00", true))
        let digest = "sha256:" + String(repeating: "0a", count: 32)
        XCTAssertTrue(try parts(digest) == (digest, false))
        for bad in ["", "Cats", "a b", "a/", "/a", "a:", "a:-x", "-a", "a\n", "../a", "a?x=1", "a@b", "a.b:x/c"] {
            XCTAssertThrowsError(try ImageReference(bad), bad)
        }
        XCTAssertThrowsError(try ImageReference("Cats:1")) { error in
            XCTAssertEqual((error as? InvalidImageName)?.message, """
                Failed to apply default image tag "Cats:1": couldn't parse image name "Cats:1": invalid \
                reference format: repository name (Cats) must be lowercase
                """)
        }
    }

    func testBackOffDoublesUpToItsLongestAndIsForgotten() {
        var backOff = BackOff(initial: 10, longest: 300)
        var now = Date(timeIntervalSince1970: 0)
        XCTAssertEqual(backOff.nextAttempt(after: now), now)
        var waits: [TimeInterval] = []
        for _ in 0..<7 {
            backOff.step(at: now)
            waits.append(backOff.nextAttempt(after: now).timeIntervalSince(now))
            now = backOff.nextAttempt(after: now)
        }
        XCTAssertEqual(waits, [10, 20, 40, 80, 160, 300, 300])
        XCTAssertEqual(backOff.nextAttempt(after: now.addingTimeInterval(601)), now.addingTimeInterval(601))
        let texts = [0.3, 1, 10, 80, 300, 0.25].map(BackOff.text)
        XCTAssertEqual(texts, ["300ms", "1s", "10s", "1m20s", "5m0s", "250ms"])
    }

    func testProbesCountInARow() {
        var counter = ProbeCounter(successThreshold: 2, failureThreshold: 3)
        let outcomes = [true, true, false, false, true, false, false, false, true, true]
        XCTAssertEqual(outcomes.map { counter.add(success: $0) }, [
            nil, true, nil, nil, nil, nil, nil, false, nil, true,
        ])
    }

    func testVariablesAreExpanded() {
        let values = ["A": "1", "B": "2"]
        func expand(_ text: String) -> String { VariableExpansion.expand(text) { values[$0] } }
        XCTAssertEqual(expand("$(A)-$(B)-$(C)-$$(A)-$A-$("), "1-2-$(C)-$(A)-$A-$(")
    }

    func testEnvironment() throws {
        let resolver = EnvironmentResolver(
            pod: pod,
            secrets: ["s": ["data": ["A": "MQ==", "Z": "eiB6"]]],
            configMaps: ["m": ["data": ["A": "2", "k": "v"]]])
        let environment = try resolver.environment(of: [
            "envFrom": [
                ["secretRef": ["name": "s"]], ["prefix": "M_", "configMapRef": ["name": "m"]],
                ["secretRef": ["name": "none", "optional": true]],
            ],
            "env": [
                ["name": "A", "value": "own $(Z)"],
                ["name": "K", "valueFrom": ["configMapKeyRef": ["name": "m", "key": "k"]]],
                ["name": "N", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
                ["name": "O", "valueFrom": ["secretKeyRef": ["name": "s", "key": "no", "optional": true]]],
            ],
        ])
        XCTAssertEqual(environment.map { "\($0.name)=\($0.value)" }, [
            "A=own z z", "Z=z z", "M_A=2", "M_k=v", "K=v", "N=cats-1",
        ])
    }

    func testWhatIsMissingIsTold() {
        let resolver = EnvironmentResolver(pod: pod, secrets: ["s": ["data": [:]]], configMaps: [:])
        func missing(_ container: JSON) -> String? {
            do {
                _ = try resolver.environment(of: container)
                return nil
            } catch { return error.message }
        }
        func variable(_ source: String, _ name: String) -> JSON {
            ["env": [["name": "T", "valueFrom": [source: ["name": .string(name), "key": "k"]]]]]
        }
        XCTAssertEqual(missing(variable("secretKeyRef", "none")), "secret \"none\" not found")
        XCTAssertEqual(missing(variable("secretKeyRef", "s")), "couldn't find key k in Secret n/s")
        XCTAssertEqual(missing(variable("configMapKeyRef", "m")), "configmap \"m\" not found")
        XCTAssertEqual(missing(["envFrom": [["secretRef": ["name": "none"]]]]), "secret \"none\" not found")
    }

    func testScheduling() {
        let scheduler = Scheduler(machine: EngineMachine(cpus: 4, memoryBytes: 8 << 30))
        func obstacle(_ resources: JSON, running: Int = 0) -> String? {
            scheduler.obstacle(to: ["spec": ["containers": [["resources": resources]]]], running: running)
        }
        XCTAssertNil(obstacle([:]))
        XCTAssertNil(obstacle(["requests": ["cpu": 4, "memory": "8Gi"]]))
        XCTAssertEqual(obstacle(["requests": ["cpu": "1k"]]), """
            0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are \
            available: 1 Preemption is not helpful for scheduling.
            """)
        XCTAssertTrue(obstacle(["limits": ["memory": "9Gi"]])?.contains("1 Insufficient memory") == true)
        XCTAssertTrue(obstacle([:], running: 110)?.contains("1 Too many pods") == true)
        func pod(_ initial: JSON, _ main: JSON, _ more: JSON = [:]) -> JSON {
            func container(_ cpu: JSON) -> JSON { ["resources": ["requests": ["cpu": cpu]]] }
            var sidecar = container(1)
            sidecar["restartPolicy"] = "Always"
            let spec: [String: JSON] = [
                "initContainers": [sidecar, container(initial)], "containers": [container(main)],
            ]
            return ["spec": .object(spec.merging(more.object ?? [:]) { $1 })]
        }
        XCTAssertNil(scheduler.obstacle(to: pod(3, 3), running: 0), "one after the other, beside the sidecar")
        XCTAssertNotNil(scheduler.obstacle(to: pod(1, 4), running: 0))
        XCTAssertNotNil(scheduler.obstacle(to: pod(4, 1), running: 0))
        func spread(_ key: JSON, _ policy: JSON) -> String? {
            let constraint: JSON = ["maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": policy]
            return scheduler.obstacle(to: pod(1, 1, ["topologySpreadConstraints": [constraint]]), running: 0)
        }
        XCTAssertNil(spread("kubernetes.io/hostname", "DoNotSchedule"))
        XCTAssertNil(spread("topology.kubernetes.io/zone", "ScheduleAnyway"))
        let zones = spread("topology.kubernetes.io/zone", "DoNotSchedule")
        XCTAssertTrue(zones?.contains("(missing required label)") == true)
    }

    func testWhatTheNodeCannotDoIsRefused() {
        func reason(_ spec: JSON) -> String? { UnsupportedPod.reason(["spec": spec]) }
        let grpc: JSON = ["name": "c", "livenessProbe": ["grpc": ["port": 1]]]
        XCTAssertTrue(reason(["containers": [grpc]])?.contains("livenessProbe") == true)
        XCTAssertTrue(reason(["initContainers": [grpc]])?.contains("gRPC") == true)
        XCTAssertTrue(reason(["volumes": [["name": "v", "hostPath": [:]]]])?.contains("\"v\" is a hostPath") == true)
        let token: JSON = ["name": "v", "projected": ["sources": [["serviceAccountToken": [:]]]]]
        XCTAssertTrue(reason(["volumes": [token]])?.contains("projects a serviceAccountToken") == true)
        let hook: JSON = ["name": "c", "lifecycle": ["postStart": ["exec": ["command": ["true"]]]]]
        XCTAssertTrue(reason(["containers": [hook]])?.contains("lifecycle") == true)
        let named: JSON = ["name": "c", "readinessProbe": ["httpGet": ["port": "web"]]]
        XCTAssertTrue(reason(["containers": [named]])?.contains("names no port") == true)
        XCTAssertNil(reason(["containers": [["name": "c"]], "volumes": [["name": "v", "emptyDir": [:]]]]))
    }

    func testRootIsRefusedWhereItMayNotBe() {
        func obstacle(_ security: JSON, user: String) -> String? {
            SecuritySettings(pod: ["spec": ["securityContext": security]], container: [:])
                .obstacle(image: EngineImage(id: "", user: user), pod: pod, container: "c")
        }
        XCTAssertNil(obstacle([:], user: ""))
        XCTAssertNil(obstacle(["runAsNonRoot": true], user: "1000:1000"))
        XCTAssertNil(obstacle(["runAsNonRoot": true, "runAsUser": 7], user: ""))
        XCTAssertEqual(obstacle(["runAsNonRoot": true], user: ""), """
            container has runAsNonRoot and image will run as root (pod: "cats-1_n(u)", container: c)
            """)
        XCTAssertTrue(obstacle(["runAsNonRoot": true], user: "app")?.contains("non-numeric user (app)") == true)
    }

    func testAdoptionBelievesTheEngineMoreThanTheStatus() throws {
        let pod: JSON = [
            "metadata": ["name": "cats-1", "namespace": "n", "uid": "u"],
            "spec": ["containers": [["name": "cats", "image": "cats:1"]]],
            "status": ["containerStatuses": [[
                "name": "cats", "restartCount": 2, "ready": true, "containerID": "docker://second",
                "state": ["running": ["startedAt": "2026-11-20T23:25:39Z"]],
                "lastState": ["terminated": ["exitCode": 2, "reason": "Error"]],
            ]]],
        ]
        func found(_ id: String, attempt: Int, _ state: JSON) throws -> ContainerInspection {
            try ContainerInspection(json: [
                "Id": .string(id), "State": state,
                "Config": ["Labels": [
                    ContainerLabel.container: "cats", ContainerLabel.attempt: .string("\(attempt)"),
                ]],
                "NetworkSettings": ["Networks": ["bridge": ["IPAddress": "172.17.0.9"]]],
            ])
        }
        func adopt(_ found: [ContainerInspection]) throws -> (ContainerRecord, String?) {
            let adoption = PodAdoption(pod: pod, found: found, backOff: BackOff(), now: .distantPast)
            return (try XCTUnwrap(adoption.containers.first), adoption.address)
        }
        let running: JSON = ["Status": "running", "Running": true, "StartedAt": "2026-11-20T23:26:00Z"]
        let dead: JSON = ["Status": "exited", "ExitCode": 2, "FinishedAt": "2026-11-20T23:25:50Z"]
        let (third, address) = try adopt([
            found("second", attempt: 2, dead), found("third", attempt: 3, running),
            found("never", attempt: 4, ["Status": "created", "ExitCode": 0]),
        ])
        XCTAssertEqual(third.containerID, "third")
        XCTAssertEqual(third.restartCount, 3)
        XCTAssertTrue(third.isRunning && third.isReady && !third.needsInspection)
        XCTAssertEqual(address, "172.17.0.9")

        let (died, _) = try adopt([found("second", attempt: 2, dead)])
        XCTAssertEqual(died.restartCount, 2)
        XCTAssertTrue(died.needsInspection && !died.isReady)

        let (lost, _) = try adopt([])
        guard case .terminated(let end) = lost.state else { return XCTFail("\(lost.state)") }
        XCTAssertEqual(end.reason, "ContainerStatusUnknown")
        XCTAssertEqual(end.containerID, "second")
    }
}
