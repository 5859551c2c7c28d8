import Foundation
import JSON
import XCTest

@testable import Sandbox

final class CronJobControllerTests: XCTestCase {
    /// A Friday, 12:00 UTC.
    private let noon = Date(timeIntervalSince1970: 1_800_014_400)

    private func cronJob(_ spec: JSON = [:], _ status: JSON = [:]) -> JSON {
        let standard: [String: JSON] = [
            "schedule": "*/10 * * * *", "concurrencyPolicy": "Forbid",
            "jobTemplate": ["metadata": ["labels": ["l": "m"]], "spec": ["backoffLimit": 0]],
        ]
        return [
            "apiVersion": "batch/v1", "kind": "CronJob",
            "metadata": [
                "name": "clean", "namespace": "n", "uid": "u",
                "creationTimestamp": .string(ObjectStore.timestamp(noon.addingTimeInterval(-1))),
            ],
            "spec": .object(standard.merging(spec.object ?? [:]) { $1 }), "status": status,
        ]
    }

    private func job(_ name: String, _ verdict: String? = nil, created: TimeInterval = 0) -> JSON {
        let time = JSON.string(ObjectStore.timestamp(noon.addingTimeInterval(created)))
        return [
            "metadata": [
                "name": .string(name), "namespace": "n", "uid": .string(name), "creationTimestamp": time,
            ],
            "status": [
                "completionTime": time,
                "conditions": verdict.map { [["type": .string($0), "status": "True"]] } ?? [],
            ],
        ]
    }

    private func plan(_ cronJob: JSON, _ jobs: [JSON] = [], after seconds: TimeInterval) -> ControllerPlan {
        CronJobController(cronJob: cronJob, jobs: jobs, now: noon.addingTimeInterval(seconds)).plan()
    }

    private func created(_ plan: ControllerPlan) -> [JSON] {
        plan.actions.compactMap { if case .create(.job, let job) = $0 { job } else { nil } }
    }

    private func deleted(_ plan: ControllerPlan) -> [String] {
        plan.actions.compactMap { if case .delete(_, let object) = $0 { object.name } else { nil } }
    }

    private func status(_ plan: ControllerPlan) -> JSON? {
        plan.actions.compactMap { if case .updateStatus(_, let object) = $0 { object["status"] } else { nil } }.first
    }

    private func name(_ seconds: TimeInterval) -> String {
        "clean-\(Int(noon.addingTimeInterval(seconds).timeIntervalSince1970) / 60)"
    }

    func testRunsAtItsTimesAndOnceOnly() throws {
        let first = plan(cronJob(), after: 0)
        let made = try XCTUnwrap(created(first).first)
        XCTAssertEqual(made.name, name(0))
        XCTAssertEqual(made.labels, ["l": "m"])
        XCTAssertEqual(made.controllerUID, "u")
        XCTAssertEqual(made["spec"], ["backoffLimit": 0])
        XCTAssertEqual(made.annotations[CronJobController.timeAnnotation], ObjectStore.timestamp(noon))
        XCTAssertEqual(status(first)?["lastScheduleTime"]?.string, ObjectStore.timestamp(noon))
        XCTAssertEqual(first.checkAgain, noon.addingTimeInterval(600))
        // Written down or not, the same time is not run again.
        XCTAssertEqual(created(plan(cronJob(), [job(name(0), "Complete")], after: 1)), [])
        let known = cronJob([:], ["lastScheduleTime": .string(ObjectStore.timestamp(noon))])
        XCTAssertEqual(created(plan(known, after: 599)), [])
        XCTAssertEqual(created(plan(known, after: 600)).map(\.name), [name(600)])
    }

    func testOfMissedTimesTheLastIsMadeUpFor() {
        XCTAssertEqual(created(plan(cronJob(), after: 3_700)).map(\.name), [name(3_600)])
        // A month of minutes.
        let busy = plan(cronJob(["schedule": "* * * * *"]), after: 2_592_030)
        XCTAssertEqual(created(busy).map(\.name), [name(2_592_000)])
        let rare = plan(cronJob(["schedule": "5 12 15 * *"]), after: 86_400 * 20)
        XCTAssertEqual(created(rare).map(\.name), [name(300)])
    }

    func testNotAfterItsStartingDeadline() {
        let strict = cronJob(["startingDeadlineSeconds": 60])
        XCTAssertEqual(created(plan(strict, after: 59)).count, 1)
        XCTAssertEqual(created(plan(strict, after: 61)), [])
    }

    func testForbidWaitsReplaceDoesNotAndAllowRunsBoth() throws {
        let running = [job(name(0))]
        let waiting = plan(cronJob(), running, after: 600)
        XCTAssertEqual(created(waiting), [])
        XCTAssertEqual(status(waiting)?["active"]?[0]?["name"]?.string, name(0))
        let reasons = waiting.actions.compactMap { if case .event(let note) = $0 { note.reason } else { nil } }
        XCTAssertEqual(reasons, ["JobAlreadyActive"])
        let replaced = plan(cronJob(["concurrencyPolicy": "Replace"]), running, after: 600)
        XCTAssertEqual(deleted(replaced), [name(0)])
        XCTAssertEqual(created(replaced).map(\.name), [name(600)])
        let both = plan(cronJob(["concurrencyPolicy": "Allow"]), running, after: 600)
        XCTAssertEqual(deleted(both), [])
        XCTAssertEqual(created(both).count, 1)
        // Once it has ended, the time that was waited for is run.
        XCTAssertEqual(created(plan(cronJob(), [job(name(0), "Failed")], after: 660)).map(\.name), [name(600)])
    }

    func testKeepsAsManyAsItIsTold() {
        let jobs = (0..<5).map { job("ok\($0)", "Complete", created: Double($0)) }
            + (0..<3).map { job("bad\($0)", "Failed", created: Double($0)) } + [job("now")]
        let paused = cronJob([
            "suspend": true, "successfulJobsHistoryLimit": 2, "failedJobsHistoryLimit": 1,
        ])
        let plan = plan(paused, jobs, after: 600)
        XCTAssertEqual(deleted(plan), ["ok0", "ok1", "ok2", "bad0", "bad1"])
        XCTAssertEqual(created(plan), [])
        XCTAssertEqual(
            status(plan)?["lastSuccessfulTime"]?.string, ObjectStore.timestamp(noon.addingTimeInterval(4)))
        XCTAssertNil(plan.checkAgain)
    }

    func testTellsOfTheEnd() {
        let active = cronJob(["suspend": true], ["active": [["uid": "done", "name": "done"]]])
        let plan = plan(active, [job("done", "Complete")], after: 1)
        let messages = plan.actions.compactMap { if case .event(let note) = $0 { note.message } else { nil } }
        XCTAssertEqual(messages, ["Saw completed job: done, condition: Complete"])
        XCTAssertNil(status(plan)?["active"])
    }

    func testTimesOfAnotherZone() {
        let oslo = cronJob(["schedule": "0 14 * * *", "timeZone": "Europe/Oslo"])
        XCTAssertEqual(plan(oslo, after: 0).checkAgain, noon.addingTimeInterval(3_600), "14:00 in winter is 13:00 UTC")
        XCTAssertEqual(
            plan(cronJob(["schedule": "@hourly", "timeZone": "Etc/UTC"]), after: 0).checkAgain,
            noon.addingTimeInterval(3_600))
    }
}
