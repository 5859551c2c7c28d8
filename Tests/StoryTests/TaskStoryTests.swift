import JSON
import TestSupport
import XCTest

/// A scheduled task that fails, and works again.
final class TaskStoryTests: XCTestCase {
    private static let jobs = "/apis/batch/v1/namespaces/apps-meow-test/jobs"

    private func deployed(_ demo: DemoProcess) async throws {
        // Nobody waits for its time: its runs are made as with `kubectl create job --from=cronjob/meow-clean`.
        try await demo.repository("meow").make([
            "iterapp.toml": "[cronjobs.clean]\nschedule = '0 0 1 1 *'\npath = '/'\nmethod = 'GET'\n"
        ])
        _ = try await demo.outcome(of: "register meow")
        let live = try await demo.outcome(of: "deploy meow test main")
        XCTAssertEqual(live.live.text, "✅ meow is live on test", live.live.words)
    }

    /// - Parameter change: of the task's own Job.
    private func run(_ name: String, _ demo: DemoProcess, _ change: (inout JSON) -> Void = { _ in }) async throws {
        let cronJob = try await demo.cluster("GET", "/apis/batch/v1/namespaces/apps-meow-test/cronjobs/meow-clean")
        var spec = try XCTUnwrap(cronJob.at("spec", "jobTemplate", "spec"))
        change(&spec)
        let owner: JSON = [
            "apiVersion": "batch/v1", "kind": "CronJob", "name": "meow-clean", "controller": true,
            "uid": try XCTUnwrap(cronJob.at("metadata", "uid")),
        ]
        try await demo.cluster("POST", Self.jobs, [
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": [
                "name": .string(name), "namespace": "apps-meow-test", "ownerReferences": [owner],
                "labels": try XCTUnwrap(cronJob.at("spec", "jobTemplate", "metadata", "labels")),
            ],
            "spec": spec,
        ])
    }

    /// One that fails at once, where the real one takes half a minute.
    private func fail(_ name: String, _ demo: DemoProcess) async throws {
        let deployment = try await demo.cluster("GET", "/apis/apps/v1/namespaces/apps-meow-test/deployments/meow")
        let app = try XCTUnwrap(deployment.at("spec", "template", "spec", "containers")?[0]?["image"])
        let container: JSON = [
            "name": "http-task", "image": app, "imagePullPolicy": "IfNotPresent",
            "command": ["/bin/busybox", "sh", "-c", "echo 2026-11-21T10:00:00Z error GET / failed: status 500; exit 1"],
        ]
        try await run(name, demo) { $0["template"]?["spec"]?["containers"] = [container] }
        let end = ContinuousClock.now + .seconds(30)
        while true {
            let conditions = try await demo.cluster("GET", "\(Self.jobs)/\(name)").at("status", "conditions")?.array
            if conditions?.contains(where: { $0["type"]?.string == "Failed" }) == true { return }
            guard ContinuousClock.now < end else { throw TestFailure("the Job \(name) never failed:\n\(demo.log)") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// What is seen in the cluster is known a moment later.
    private func waitForStatus(_ words: String, _ demo: DemoProcess) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while true {
            let answer = try await demo.command("status meow").text
            if answer.contains(words) { return }
            guard ContinuousClock.now < end else { return XCTFail("no “\(words)” in: \(answer)") }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    func testItsFailureAndItsRecoveryAreToldOnceAndItsStatusAlways() async throws {
        try await withDemo { demo in
            try await deployed(demo)
            try await waitForStatus("The task `clean` has not run yet.", demo)

            try await fail("by-hand-1", demo)
            let failed = try await demo.waitForMessages("the failure") { $0.contains { $0.text.hasPrefix("⏰") } }
            let post = try XCTUnwrap(failed.first { $0.text.hasPrefix("⏰") })
            let words = "⏰ *meow on test: the task clean fails*\nGET / failed: status 500\n"
            XCTAssertTrue(post.words.hasPrefix(words), post.words)
            XCTAssertNil(post.thread, "people must notice it")
            try await waitForStatus("and failed: GET / failed: status 500", demo)

            try await fail("by-hand-2", demo)
            // The real call of the real app.
            try await run("by-hand-3", demo)
            let all = try await demo.waitForMessages("the recovery", atMost: .seconds(60)) {
                $0.contains { $0.text.hasPrefix("🆗") }
            }
            let news = all.filter { $0.text.hasPrefix("⏰") || $0.text.hasPrefix("🆗") }
            XCTAssertEqual(news.map { $0.text.prefix(1) }, ["⏰", "🆗"])
            try await waitForStatus("The task `clean` ran just now.", demo)
        }
    }
}
