import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// Jobs as a real API server told of them.
final class JobVerdictTests: XCTestCase {
    private func job(_ name: String) throws -> JSON {
        try XCTUnwrap(
            Recordings.items("jobs.list.json").first { $0.at("metadata", "name")?.string == name })
    }

    func testFinishedJobs() throws {
        XCTAssertEqual(JobVerdict.judge(try job("ok"), pods: []), .succeeded)
        XCTAssertEqual(JobVerdict.judge(try job("bad"), pods: []), .failed)
        XCTAssertTrue(JobVerdict.isOver(try job("ok")))
        XCTAssertTrue(JobVerdict.isOver(try job("bad")))
    }

    func testVerdictsAlongTheRecordedWatch() throws {
        var decoder = WatchDecoder()
        var verdicts: [String: [JobVerdict]] = [:]
        for event in try decoder.push(Recordings.bytes("watch-jobs.jsonl")) {
            switch event {
            case .added(let job), .modified(let job):
                let name = job.at("metadata", "name")?.string ?? ""
                let verdict = JobVerdict.judge(job, pods: [])
                if verdicts[name]?.last != verdict { verdicts[name, default: []].append(verdict) }
            case .deleted, .bookmark: continue
            }
        }
        XCTAssertEqual(verdicts, ["ok": [.running, .succeeded], "bad": [.running, .failed]])
    }

    func testFailedCommandIsFoundInItsPod() throws {
        let job = try job("bad")
        let uid = try XCTUnwrap(job.at("metadata", "uid")?.string)
        let pods = Pods.owned(byJob: uid, among: try Recordings.items("job-failed.pods.json"))
        XCTAssertEqual(pods.count, 1)
        XCTAssertEqual(Pods.owned(byJob: "another", among: pods), [])
        let found = try XCTUnwrap(Diagnosis(of: job, .job, pods: pods).first)
        XCTAssertEqual(found.cause, .exited(code: 3, restarts: 0))
        XCTAssertEqual(found.log, .init(pod: "bad-d2vft", container: "release", previous: false))
    }

    func testCommandThatEndedWellIsNoTroubleWhileItsJobIsBehind() throws {
        var pods = try Recordings.items("job-failed.pods.json")
        pods[0]["status"]?["containerStatuses"] = [
            ["name": "release", "ready": false, "state": ["terminated": ["exitCode": 0, "reason": "Completed"]]]
        ]
        XCTAssertNil(Diagnosis(of: try job("bad"), .job, pods: pods).first)
        XCTAssertNotNil(Diagnosis(of: [:], pods: pods).first, "a server has to keep running")
    }

    func testDeadlineIsToldFromAFailure() throws {
        for types in [["FailureTarget"], ["FailureTarget", "Failed"], ["Failed"]] {
            let job = RollOutBench.withConditions(["metadata": [:]], types, reason: "DeadlineExceeded")
            XCTAssertEqual(JobVerdict.judge(job, pods: []), .deadlineExceeded)
            XCTAssertEqual(JobVerdict.isOver(job), types.contains("Failed"))
        }
    }

    func testCommandBesideAPlainProxyDecidesByItself() {
        func pod(_ code: Int?) -> JSON {
            let ended: JSON = code.map { ["terminated": ["exitCode": .int($0)]] } ?? ["running": [:]]
            return [
                "spec": ["containers": [["name": "release"], ["name": "cloudsql-proxy"]]],
                "status": [
                    "containerStatuses": [
                        ["name": "cloudsql-proxy", "state": ["running": [:]]], ["name": "release", "state": ended],
                    ]
                ],
            ]
        }
        let running: JSON = ["status": ["active": 1]]
        XCTAssertEqual(JobVerdict.judge(running, pods: [pod(nil)]), .running)
        XCTAssertEqual(JobVerdict.judge(running, pods: [pod(0)]), .succeeded)
        XCTAssertEqual(JobVerdict.judge(running, pods: [pod(1)]), .failed)
        var alone = pod(0)
        alone["spec"] = ["containers": [["name": "release"]]]
        XCTAssertEqual(JobVerdict.judge(running, pods: [alone]), .running)
    }
}
