import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// Jobs and scheduled tasks with real containers, compared with the recordings of a real cluster.
final class NodeJobTests: XCTestCase {
    private static let image = "iterapp-test-jobs:\(getpid())"
    private static let program = ProgramImage(program: DemoProcess.binary.path, tagPrefix: "test-\(getpid())-")

    override func setUp() async throws { try await TestImage.make(Self.image, page: "one\n") }
    override class func tearDown() { TestImage.removeAndWait([image, program.reference]) }

    private static let times: Set<String> = [
        "uid", "resourceVersion", "creationTimestamp", "managedFields", "startTime", "completionTime",
        "lastProbeTime", "lastTransitionTime", "startedAt", "finishedAt", "containerID", "imageID", "image",
        "podIP", "podIPs", "hostIP", "hostIPs", "nodeName", "resources", "name", "controller-uid",
        "batch.kubernetes.io/controller-uid",
    ]

    func testJobsEndAsOnARealCluster() async throws {
        let recorded = try Recording.json("jobs-of-a-real-cluster.json")
        try await ClusterBench().run { bench in
            for (name, code) in [("ok", 0), ("bad", 3)] {
                var spec = recorded.at("jobs", name, "spec") ?? [:]
                spec["selector"] = nil
                spec.set(nil, at: "template", "metadata")
                spec.set([[
                    "name": "release", "image": .string(Self.image), "imagePullPolicy": "IfNotPresent",
                    "command": ["/bin/busybox", "sh", "-c", "echo migrating; echo done; exit \(code)"],
                ]], at: "template", "spec", "containers")
                try await bench.store.create(.job, [
                    "metadata": ["name": .string(name), "namespace": .string(ClusterBench.namespace)],
                    "spec": spec,
                ], by: "test")
            }
            for (name, verdict) in [("ok", "Complete"), ("bad", "Failed")] {
                let job = try await bench.first(.job, "\(name) is never \(verdict)") {
                    $0.name == name && JobFacts($0).verdict == verdict
                }
                let wanted = try XCTUnwrap(recorded.at("jobs", name))
                XCTAssertEqual(job.differences(to: wanted, ignoring: Self.times.union(["containers"])), [])
            }
            let pod = try await bench.first(.pod, "the failed pod") { $0.at("status", "phase") == "Failed" }
            let log = try await bench.log(pod, "release")
            XCTAssertEqual(log, "migrating\ndone\n")
            let wanted = try XCTUnwrap(recorded["failedPod"])
            XCTAssertEqual(
                pod.differences(to: wanted, ignoring: Self.times.union(["command", "generateName"])), [])

            try await bench.store.delete(.job, namespace: ClusterBench.namespace, name: "bad")
            while await bench.pods().count > 1 { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    func testAFailedPodIsTriedAgainInAnotherOne() async throws {
        try await ClusterBench().run { bench in
            try await bench.store.create(.job, [
                "metadata": ["name": "twice", "namespace": .string(ClusterBench.namespace)],
                "spec": ["backoffLimit": 1, "template": ["spec": [
                    "restartPolicy": "Never", "terminationGracePeriodSeconds": 1,
                    "containers": [["name": "main", "image": .string(Self.image), "command": [
                        "/bin/busybox", "sh", "-c", "exit 1",
                    ]]],
                ]]],
            ], by: "test")
            let job = try await bench.first(.job, "a failed job") { JobFacts($0).verdict == "Failed" }
            XCTAssertEqual(job.at("status", "failed"), 2)
            let pods = await bench.pods()
            XCTAssertEqual(Set(pods.map(\.uid)).count, 2)
            let events = await bench.events("BackoffLimitExceeded")
            XCTAssertEqual(events, ["Job has reached the specified backoff limit"])
        }
    }

    /// The real program, in an image that is made when it is first needed, calls a real app through its Service.
    func testAScheduledTaskCallsItsApp() async throws {
        let begin = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 / 600).rounded(.down) * 600 + 30)
        try await ClusterBench(clock: TestClock(stoppedAt: begin)) { $0.programs = [Self.program] }.run { bench in
            try await bench.deploy(image: Self.image) {
                $0["command"] = ["/bin/busybox", "httpd", "-f", "-vv", "-p", "8080", "-h", "/www"]
            }
            try await bench.service()
            try await bench.rolledOut()
            try await bench.secret("headers", ["headers": "X-Task: clean\n"])
            try await bench.store.create(.cronJob, cronJob, by: "test")
            let idle = try? await bench.engine.image(Self.program.reference)
            XCTAssertNil(idle, "no image before its time has come")

            await bench.turn(to: begin.addingTimeInterval(600))
            let job = try await bench.first(.job, within: .seconds(60), "a task that has run") {
                JobFacts($0).isFinished
            }
            let pods = await bench.pods()
            let pod = try XCTUnwrap(pods.first { $0.controllerUID == job.uid })
            let line = try await bench.log(pod, "http-task")
            XCTAssertEqual(JobFacts(job).verdict, "Complete", line)
            XCTAssertEqual(job.name, "clean-\(Int(begin.timeIntervalSince1970 + 570) / 60)")
            let app = try XCTUnwrap(pods.first { $0.name.hasPrefix("cats-") })
            let requests = try await bench.log(app, "cats")
            XCTAssertTrue(requests.contains("url:/index.html"), requests)
            try await bench.first(.cronJob, "its end is seen") {
                $0.at("status", "active") == nil && $0.at("status", "lastSuccessfulTime") != nil
            }
        }
    }

    private var cronJob: JSON {
        let container: JSON = [
            "name": "http-task", "image": .string(Self.program.reference), "imagePullPolicy": "IfNotPresent",
            "command": ["iterapp", "http-task"],
            "args": ["--url", "http://cats/index.html", "--headers-file", "/run/task/headers"],
            "volumeMounts": [["name": "headers", "mountPath": "/run/task", "readOnly": true]],
            "securityContext": [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
                "readOnlyRootFilesystem": true, "runAsNonRoot": true,
            ],
        ]
        return [
            "metadata": ["name": "clean", "namespace": .string(ClusterBench.namespace)],
            "spec": [
                "schedule": "*/10 * * * *", "timeZone": "Etc/UTC", "concurrencyPolicy": "Forbid",
                "startingDeadlineSeconds": 600,
                "jobTemplate": ["spec": [
                    "backoffLimit": 0, "activeDeadlineSeconds": 120,
                    "template": ["spec": [
                        "restartPolicy": "Never", "containers": [container],
                        "volumes": [["name": "headers", "secret": ["secretName": "headers"]]],
                    ]],
                ]],
            ],
        ]
    }
}
