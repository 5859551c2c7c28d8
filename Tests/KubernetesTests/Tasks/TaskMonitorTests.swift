import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// What is seen of scheduled tasks, by one watch for what starts them and one for their runs.
final class TaskMonitorTests: XCTestCase {
    private typealias Snapshots = AsyncStream<[ScheduledTask]>.AsyncIterator

    private func first(_ snapshots: inout Snapshots, where fits: ([ScheduledTask]) -> Bool) async -> [ScheduledTask] {
        while let tasks = await snapshots.next(isolation: nil) {
            if fits(tasks) { return tasks }
        }
        return []
    }

    private func date(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

    func testRunsBecomeWhatIsKnownOfATask() async throws {
        try await TaskBench.with { bench in
            await bench.putCronJob()
            var snapshots = await bench.monitor.snapshots().makeAsyncIterator()
            let idle = await first(&snapshots) { !$0.isEmpty }
            XCTAssertEqual(idle.map(\.label), ["clean"], "people know which app it is")
            XCTAssertEqual(idle.map(\.lastRun), [nil])

            await bench.put(try TaskBench.job("ok", "cats-clean-1", began: "2026-11-21T10:00:00Z"))
            let ran = await first(&snapshots) { $0.first?.lastRun != nil }
            XCTAssertEqual(ran.first?.lastRun, .init(at: try date("2026-11-21T10:00:00Z")))

            let failed = try TaskBench.job("bad", "cats-clean-2", began: "2026-11-21T10:01:00Z")
            let line = "GET /clean failed: status 500 after 20.1 s and 3 attempts (before: status 500; status 503)"
            try await bench.putPod(of: failed, log: "2026-11-21T10:01:21Z error \(line)\n")
            await bench.put(failed)
            let failing = await first(&snapshots) { $0.first?.isFailing == true }
            XCTAssertEqual(
                failing.first?.lastRun, .init(at: try date("2026-11-21T10:01:00Z"), failure: TaskFailure(line)))
            let known = await bench.monitor.tasks(in: [TaskBench.namespace, "apps-unknown"])
            XCTAssertEqual(known, [TaskBench.namespace: failing])

            await bench.put(try TaskBench.job("ok", "cats-clean-3", began: "2026-11-21T10:02:00Z"))
            let again = await first(&snapshots) { $0.first?.isFailing == false }
            XCTAssertEqual(again.first?.lastRun, .init(at: try date("2026-11-21T10:02:00Z")))
            await bench.removeCronJob()
            let gone = await first(&snapshots) { $0.isEmpty }
            XCTAssertEqual(gone, [])
        }
    }

    /// Thousands of tasks cost as many connections as one; a failure is looked into once.
    func testNobodyAsksForMoreThanIsNeeded() async throws {
        try await TaskBench.with { bench in
            for (name, began) in [("a", "10:00"), ("b", "10:01")] {
                await bench.putCronJob("cats-\(name)", uid: "uid-of-\(name)")
                let job = try TaskBench.job(
                    "bad", "cats-\(name)-1", began: "2026-11-21T\(began):00Z", owner: "uid-of-\(name)")
                try await bench.putPod(of: job, log: "no header\n")
                await bench.put(job)
            }
            var snapshots = await bench.monitor.snapshots().makeAsyncIterator()
            let both = await first(&snapshots) { $0.count == 2 && $0.allSatisfy(\.isFailing) }
            XCTAssertEqual(both.map(\.label), ["a", "b"])
            await bench.put(try TaskBench.job("ok", "cats-a-2", began: "2026-11-21T10:02:00Z", owner: "uid-of-a"))
            _ = await first(&snapshots) { $0.first?.isFailing == false }
            for _ in 0..<3 { _ = await bench.monitor.tasks(in: [TaskBench.namespace]) }
            let watches = bench.api.requests.filter { $0.fields["watch"] == "1" }
            XCTAssertEqual(watches.map(\.path).sorted(), ["/apis/batch/v1/cronjobs", "/apis/batch/v1/jobs"])
            XCTAssertEqual(
                Set(watches.compactMap { $0.fields["labelSelector"] }),
                ["app.kubernetes.io/managed-by=iterapp", "app.kubernetes.io/component=cronjob"])
            XCTAssertEqual(bench.api.requests.count { $0.path.hasSuffix("/pods") }, 2)
            XCTAssertEqual(bench.api.requests.count { $0.path.hasSuffix("/log") }, 2)
        }
    }

    func testATaskThatRanOutOfTimeIsExplainedByEvents() async throws {
        try await TaskBench.with { bench in
            await bench.putCronJob()
            var late = try TaskBench.job("bad", "cats-clean-1", began: "2026-11-21T10:00:00Z")
            late["spec"]?["activeDeadlineSeconds"] = 120
            late["status"]?["conditions"] = [
                ["type": "Failed", "status": "True", "reason": "DeadlineExceeded", "message": "Job was active too long"]
            ]
            let about: JSON = ["kind": "Pod", "name": "cats-clean-1-x7k2p", "uid": "uid-of-pod"]
            for (name, type, reason, about) in [
                ("1", "Warning", "Failed", about), ("2", "Normal", "Pulling", about),
                ("3", "Warning", "DeadlineExceeded", ["uid": "uid-of-cats-clean-1"] as JSON),
                ("4", "Warning", "Failed", ["kind": "Pod", "name": "cats-mail-1-abcde", "uid": "other"]),
            ] {
                await bench.cluster.put(
                    [
                        "metadata": ["name": .string(name), "namespace": .string(TaskBench.namespace)],
                        "type": .string(type), "reason": .string(reason), "message": .string("message \(name)"),
                        "involvedObject": about, "lastTimestamp": "2026-11-21T10:00:0\(name)Z",
                    ], at: "/api/v1/namespaces/\(TaskBench.namespace)/events/\(name)")
            }
            await bench.put(late)
            var snapshots = await bench.monitor.snapshots().makeAsyncIterator()
            let tasks = await first(&snapshots) { $0.first?.isFailing == true }
            XCTAssertEqual(
                tasks.first?.lastRun?.failure,
                TaskFailure("It did not end within 120 seconds, and was stopped.", lines: ["Failed: message 1"]))
        }
    }

    func testSecretsThatATaskWroteAreTakenOut() async throws {
        try await TaskBench.with { bench in
            await bench.putCronJob()
            let job = try TaskBench.job("bad", "cats-clean-1", began: "2026-11-21T10:00:00Z")
            try await bench.putPod(of: job, log: "key \(TaskBench.secret)\n\nno \(TaskBench.secret)\n")
            await bench.put(job)
            var snapshots = await bench.monitor.snapshots().makeAsyncIterator()
            let tasks = await first(&snapshots) { $0.first?.isFailing == true }
            XCTAssertEqual(tasks.first?.lastRun?.failure, TaskFailure("no •••", lines: ["key •••"]))
        }
    }

    func testWhatCannotBeFoundOutHidesNoFailure() async throws {
        try await TaskBench.with(intercept: { $0.path.hasSuffix("/pods") ? .text(500, "") : nil }) { bench in
            await bench.putCronJob()
            await bench.put(try TaskBench.job("bad", "cats-clean-1", began: "2026-11-21T10:00:00Z"))
            var snapshots = await bench.monitor.snapshots().makeAsyncIterator()
            let tasks = await first(&snapshots) { $0.first?.isFailing == true }
            XCTAssertEqual(
                tasks.first?.lastRun?.failure, TaskFailure("It failed, and what it wrote can't be read any more."))
        }
    }

    /// What ran before stays true while nobody can look, and so does its age.
    func testWhatWasSeenLastIsKnownWhileTheClusterIsAway() async throws {
        let isAway = Mutex(false)
        try await TaskBench.with(intercept: { _ in isAway.withLock { $0 } ? .text(503, "") : nil }) { bench in
            await bench.putCronJob()
            await bench.put(try TaskBench.job("ok", "cats-clean-1", began: "2026-11-21T10:00:00Z"))
            let never = await bench.monitor.seen
            XCTAssertEqual(never, .never)
            let seen = Mutex<[ScheduledTask]>([])
            let (bell, ring) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let alarm = Task {
                try await Task.sleep(for: .seconds(20))
                ring.finish()
            }
            defer { alarm.cancel() }
            let reading = Task {
                for await tasks in await bench.monitor.snapshots() {
                    seen.withLock { $0 = tasks }
                    ring.yield()
                }
            }
            var rings = bell.makeAsyncIterator()
            while seen.withLock({ $0.first?.lastRun }) == nil, await rings.next() != nil {}
            let (tasks, now) = (seen.withLock { $0 }, await bench.monitor.seen)
            XCTAssertEqual(now, .now)

            isAway.withLock { $0 = true }
            await bench.cluster.dropWatches()
            while await bench.monitor.seen == .now, await rings.next() != nil {}
            let away = await bench.monitor.seen
            XCTAssertEqual(away, .last(bench.now))
            let known = await bench.monitor.tasks(in: [TaskBench.namespace])
            XCTAssertEqual(known, [TaskBench.namespace: tasks])

            isAway.withLock { $0 = false }
            while await bench.monitor.seen != .now, await rings.next() != nil {}

            // Another bot works on the cluster.
            reading.cancel()
            await reading.value
            let end = ContinuousClock.now + .seconds(20)
            while await bench.monitor.seen == .now, ContinuousClock.now < end { await Task.yield() }
            let stopped = await bench.monitor.seen
            XCTAssertEqual(stopped, .last(bench.now))
            let left = await bench.monitor.tasks(in: [TaskBench.namespace])
            XCTAssertEqual(left, [TaskBench.namespace: tasks])
        }
    }

    func testAnEmptyClusterIsASnapshotToo() async throws {
        try await TaskBench.with { bench in
            var snapshots = await bench.monitor.snapshots().makeAsyncIterator()
            let none = await snapshots.next(isolation: nil)
            XCTAssertEqual(none, [], "what is gone while nobody looked must be forgotten")
        }
    }
}
