import Foundation
import JSON
import XCTest

@testable import Sandbox

/// Secrets and ConfigMaps as real files in real containers.
final class NodeVolumeTests: XCTestCase {
    private static let image = "iterapp-test-volumes:\(getpid())"

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image]) }

    private func pod(_ script: String, mounts: JSON, volumes: JSON, security: JSON = [:]) -> JSON {
        [
            "restartPolicy": "Never", "securityContext": security, "volumes": volumes,
            "containers": [[
                "name": "main", "image": .string(Self.image), "volumeMounts": mounts,
                "command": ["/bin/busybox", "sh", "-c", .string(script)],
            ]],
        ]
    }

    func testFilesWithTheirModes() async throws {
        try await ClusterBench().run { bench in
            try await bench.secret("keys", ["user.conf": "user default on >pw\n", "other": "x"])
            try await bench.store.create(.configMap, [
                "metadata": ["name": "settings", "namespace": .string(ClusterBench.namespace)],
                "data": ["redis.conf": "save \"\"\n"], "binaryData": ["blob": "AAEC"],
            ], by: "test")
            try await bench.pod("cats", pod("""
                cd /etc/app; for f in deep/user.conf redis.conf blob; do
                    echo $f $(/bin/busybox stat -L -c '%a %g' $f) $(/bin/busybox base64 $f)
                done
                /bin/busybox ls /etc/keys; /bin/busybox cat /only.conf
                (echo x > /etc/keys/new) 2> /dev/null || echo read-only
                echo y > /scratch/deep/y && /bin/busybox cat /scratch/deep/y
                """,
                mounts: [
                    ["name": "all", "mountPath": "/etc/app"], ["name": "keys", "mountPath": "/etc/keys"],
                    ["name": "all", "mountPath": "/only.conf", "subPath": "redis.conf"],
                    ["name": "scratch", "mountPath": "/scratch/deep", "subPath": "a/b"],
                ],
                volumes: [
                    ["name": "all", "projected": ["defaultMode": 0o440, "sources": [
                        ["secret": ["name": "keys", "items": [
                            ["key": "user.conf", "path": "deep/user.conf", "mode": 0o400],
                        ]]],
                        ["configMap": ["name": "settings"]],
                    ]]],
                    ["name": "keys", "secret": ["secretName": "keys"]], ["name": "scratch", "emptyDir": [:]],
                ],
                security: ["fsGroup": 4321, "runAsUser": 0]))
            let over = try await bench.phase("Succeeded")
            let log = try await bench.log(over, "main")
            XCTAssertEqual(log, """
                deep/user.conf 440 4321 \(Data("user default on >pw\n".utf8).base64EncodedString())
                redis.conf 440 4321 \(Data("save \"\"\n".utf8).base64EncodedString())
                blob 440 4321 AAEC
                other
                user.conf
                save ""
                read-only
                y

                """)
        }
    }

    func testWaitsForWhatItMountsAndFollowsItsChanges() async throws {
        try await ClusterBench().run { bench in
            try await bench.pod("cats", pod("""
                trap 'exit 0' TERM
                until /bin/busybox grep -q two /keys/k; do /bin/busybox sleep 0.05; done
                /bin/busybox cat /keys/k
                """,
                mounts: [["name": "keys", "mountPath": "/keys"]],
                volumes: [["name": "keys", "secret": ["secretName": "keys", "items": [["key": "k", "path": "k"]]]]]))
            func problem(_ sentence: String) async throws {
                let message = "MountVolume.SetUp failed for volume \"keys\" : \(sentence)"
                let event = try await bench.first(.event, message) { $0["message"]?.string == message }
                XCTAssertEqual(event["reason"], "FailedMount")
                XCTAssertEqual(event["type"], "Warning")
            }
            try await problem("secret \"keys\" not found")
            let pods = await bench.pods()
            let waiting = ClusterBench.container(pods[0]).at("state", "waiting", "reason")
            XCTAssertEqual(waiting, "ContainerCreating")
            try await bench.secret("keys", ["other": "x"])
            try await problem("references non-existent secret key: k")
            try await write("one\n", bench)
            try await bench.phase("Running")
            try await write("two\n", bench)
            let over = try await bench.phase("Succeeded")
            let log = try await bench.log(over, "main")
            XCTAssertEqual(log, "two\n")
        }
    }

    private func write(_ value: String, _ bench: ClusterBench) async throws {
        try await bench.store.modify(.secret, namespace: ClusterBench.namespace, name: "keys", by: "test") {
            $0["data"] = ["k": .string(Data(value.utf8).base64EncodedString())]
        }
    }
}
