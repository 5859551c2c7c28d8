import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

/// What is hidden is in no file, and yet no restart brings it to light.
final class RestartedMaskStoryTests: XCTestCase {
    private static let jobs = "/apis/batch/v1/namespaces/apps-meow-test/jobs"

    /// A run of the app's task that tells everybody its Redis password.
    private func blab(_ name: String, _ demo: DemoProcess) async throws {
        let base = "/apis"
        let cronJob = try await demo.cluster("GET", "\(base)/batch/v1/namespaces/apps-meow-test/cronjobs/meow-clean")
        let deployment = try await demo.cluster("GET", "\(base)/apps/v1/namespaces/apps-meow-test/deployments/meow")
        let app = try XCTUnwrap(deployment.at("spec", "template", "spec", "containers")?[0])
        let script = """
            echo "my password: $REDIS_PASSWORD"; printf %s "$REDIS_PASSWORD" | /bin/busybox base64
            echo "no luck with $REDIS_PASSWORD"; exit 1
            """
        let container: JSON = [
            "name": "http-task", "image": try XCTUnwrap(app["image"]), "imagePullPolicy": "IfNotPresent",
            "command": ["/bin/busybox", "sh", "-c", .string(script)],
            "env": [
                [
                    "name": "REDIS_PASSWORD",
                    "valueFrom": ["secretKeyRef": ["name": "meow-redis", "key": "REDIS_PASSWORD"]],
                ]
            ],
        ]
        try await demo.cluster("POST", Self.jobs, [
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": [
                "name": .string(name), "namespace": "apps-meow-test",
                "labels": try XCTUnwrap(cronJob.at("spec", "jobTemplate", "metadata", "labels")),
                "ownerReferences": [
                    [
                        "apiVersion": "batch/v1", "kind": "CronJob", "name": "meow-clean", "controller": true,
                        "uid": try XCTUnwrap(cronJob.at("metadata", "uid")),
                    ]
                ],
            ],
            "spec": [
                "backoffLimit": 0, "template": ["spec": ["restartPolicy": "Never", "containers": [container]]],
            ],
        ])
    }

    private func status(_ words: String, _ demo: DemoProcess) async throws -> String {
        let end = ContinuousClock.now + .seconds(30)
        while true {
            let answer = try await demo.command("status meow").text
            if answer.contains(words) { return answer }
            guard ContinuousClock.now < end else { throw TestFailure("no “\(words)” in: \(answer)\n\(demo.log)") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    func testAPasswordThatATaskPrintsAfterARestartIsReadNowhere() async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-server") else {
            throw XCTSkip("no redis-server is installed; .ci/prepare installs one")
        }
        try await withDemo { demo in
            try await demo.repository("meow").make([
                "iterapp.toml": "[redis_lfu_cache]\n[cronjobs.clean]\nschedule = '0 0 1 1 *'\npath = '/'\nmethod = 'GET'\n"
            ])
            _ = try await demo.outcome(of: "register meow")
            let live = try await demo.outcome(of: "deploy meow test main")
            XCTAssertEqual(live.live.text, "✅ meow is live on test", live.live.words)
            let secret = try await demo.cluster("GET", "/api/v1/namespaces/apps-meow-test/secrets/meow-redis")
            let encoded = try XCTUnwrap(secret.at("data", "REDIS_PASSWORD")?.string)
            let password = String(decoding: try XCTUnwrap(Data(base64Encoded: encoded)), as: UTF8.self)
            XCTAssertGreaterThan(password.utf8.count, 20)

            await demo.stop()
            try await demo.start()
            try await blab("by-hand-1", demo)
            let told = try await demo.waitForMessages("the failure") { $0.contains { $0.text.hasPrefix("⏰") } }
            let post = try XCTUnwrap(told.first { $0.text.hasPrefix("⏰") })
            XCTAssertTrue(post.words.contains("no luck with •••"), post.words)
            XCTAssertTrue(post.words.contains("my password: •••"), post.words)
            let places: [(String, Data)] = [
                ("status", Data(try await status("no luck with", demo).utf8)),
                ("the channel", Data(try await demo.get("/demo/messages?channel=all").body)),
                ("the service's log", Data(demo.log.utf8)),
            ]
            for (place, bytes) in places + (try files(demo)) {
                for form in [password, encoded] {
                    XCTAssertNil(bytes.range(of: Data(form.utf8)), "\(place) tells the password")
                }
            }
        }
    }

    private func files(_ demo: DemoProcess) throws -> [(String, Data)] {
        let state = demo.directory.appending(path: "state")
        let files = try FileManager.default.subpathsOfDirectory(atPath: state.path).compactMap { path in
            FileManager.default.contents(atPath: state.appending(path: path).path).map { (path, $0) }
        }
        XCTAssertTrue(files.contains { !$0.1.isEmpty })
        return files
    }
}
