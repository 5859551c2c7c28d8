import Deploys
import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// Which run of a task is its newest, by objects of a real cluster.
final class TaskRecordTests: XCTestCase {
    private let cronJob: JSON = [
        "metadata": [
            "name": "cats-api-clean", "namespace": "apps-cats-test", "uid": "uid-of-clean",
            "labels": ["app.kubernetes.io/part-of": "cats"], "managedFields": [["manager": "iterapp"]],
        ],
        "spec": ["schedule": "* * * * *"], "status": ["lastScheduleTime": "2026-11-21T10:05:00Z"],
    ]

    private func record(_ jobs: [JSON], lastSuccess: String? = nil) -> TaskRecord {
        var cronJob = cronJob
        if let lastSuccess { cronJob["status"]?["lastSuccessfulTime"] = .string(lastSuccess) }
        return TaskRecord(TaskRecord.trim(cronJob: cronJob), jobs: jobs.map(TaskRecord.trim(job:)))
    }

    func testTheNewestRunThatIsOverCounts() throws {
        let old = try TaskBench.job("ok", "cats-api-clean-1", began: "2026-11-21T10:01:00Z")
        let new = try TaskBench.job("bad", "cats-api-clean-2", began: "2026-11-21T10:02:00Z")
        var running = try TaskBench.job("ok", "cats-api-clean-3", began: "2026-11-21T10:03:00Z")
        running["status"]?["conditions"] = nil
        let foreign = try TaskBench.job("ok", "cats-mail-1", began: "2026-11-21T10:04:00Z", owner: "uid-of-mail")
        let record = record([running, new, foreign, old])
        XCTAssertEqual(record.label, "api-clean")
        XCTAssertEqual(record.job?.name, "cats-api-clean-2")
        XCTAssertEqual(record.job?.failure?.reason, "BackoffLimitExceeded")
        XCTAssertNil(self.record([running, old]).job?.failure)
        XCTAssertNil(self.record([running, foreign]).job)
    }

    func testWithoutJobsTheCronJobsOwnWordCounts() throws {
        XCTAssertNil(record([]).lastSuccess)
        let record = record([], lastSuccess: "2026-11-21T10:05:04Z")
        XCTAssertEqual(record.lastSuccess, try Date("2026-11-21T10:05:04Z", strategy: .iso8601))
    }

    func testOfObjectsLittleIsKept() throws {
        let kept = TaskRecord.trim(cronJob: cronJob)
        XCTAssertNil(kept["spec"])
        XCTAssertNil(kept.at("metadata", "managedFields"))
        let job = TaskRecord.trim(job: try TaskBench.job("bad", "x", began: "2026-11-21T10:01:00Z"))
        XCTAssertNil(job.at("spec", "template"))
        XCTAssertNil(job.at("metadata", "managedFields"))
    }

    func testTheStampOfALogLineIsNoPartOfTheReason() {
        XCTAssertEqual(
            TaskEvidence.withoutStamp("2026-11-20T23:25:39Z error GET / failed: status 500"), "GET / failed: status 500")
        for line in ["GET / failed", "error: in three words", "2026-11-20T23:25:39Z hm what", ""] {
            XCTAssertEqual(TaskEvidence.withoutStamp(line), line)
        }
    }
}
