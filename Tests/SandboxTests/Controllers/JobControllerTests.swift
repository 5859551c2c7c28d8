import Foundation
import JSON
import XCTest

@testable import Sandbox

final class JobControllerTests: XCTestCase {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func job(_ spec: JSON = [:], _ status: JSON = [:]) -> JSON {
        let standard: [String: JSON] = [
            "parallelism": 1, "completions": 1, "backoffLimit": 1,
            "template": ["metadata": ["labels": ["a": "b"]], "spec": ["restartPolicy": "Never"]],
        ]
        return [
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": ["name": "migrate", "namespace": "n", "uid": "u", "generation": 1],
            "spec": .object(standard.merging(spec.object ?? [:]) { $1 }), "status": status,
        ]
    }

    private func pod(
        _ name: String, _ phase: String, ended: TimeInterval = 0, restarts: Int = 0, deleted: Bool = false
    ) -> JSON {
        let end = JSON.string(ObjectStore.timestamp(start.addingTimeInterval(ended)))
        var pod: JSON = [
            "metadata": ["name": .string(name), "namespace": "n", "uid": .string(name)],
            "status": ["phase": .string(phase), "containerStatuses": [[
                "restartCount": .int(restarts), "state": ["terminated": ["finishedAt": end]],
            ]]],
        ]
        if deleted { pod.set("2027-01-01T00:00:00Z", at: "metadata", "deletionTimestamp") }
        return pod
    }

    private func plan(_ job: JSON, _ pods: [JSON], after seconds: TimeInterval = 0) -> ControllerPlan {
        var count = 0
        let backOff = BackOff(initial: 10, longest: 360)
        return JobController(job: job, pods: pods, backOff: backOff, now: start.addingTimeInterval(seconds)).plan {
            count += 1
            return "x\(count)"
        }
    }

    private func created(_ plan: ControllerPlan) -> [JSON] {
        plan.actions.compactMap { if case .create(.pod, let pod) = $0 { pod } else { nil } }
    }

    private func deleted(_ plan: ControllerPlan) -> [String] {
        plan.actions.compactMap { if case .delete(_, let object) = $0 { object.name } else { nil } }
    }

    private func written(_ plan: ControllerPlan) -> JSON? {
        plan.actions.compactMap { if case .updateStatus(_, let job) = $0 { job } else { nil } }.first
    }

    private func types(_ job: JSON?) -> [String] {
        Conditions(job?.at("status", "conditions")).items.compactMap { $0["type"]?.string }
    }

    func testMakesPodsThatItsLabelsFind() throws {
        let pod = try XCTUnwrap(created(plan(job(["parallelism": 3, "completions": 2]), [])).first)
        XCTAssertEqual(created(plan(job(["parallelism": 3, "completions": 2]), [])).count, 2)
        XCTAssertEqual(pod.name, "migrate-x1")
        XCTAssertEqual(pod.at("metadata", "generateName"), "migrate-")
        XCTAssertEqual(pod.labels, ["a": "b"])
        XCTAssertEqual(pod.controllerUID, "u")
        let running = [self.pod("one", "Running")]
        XCTAssertEqual(created(plan(job(), running)), [])
        XCTAssertEqual(created(plan(job(), [self.pod("one", "Running", deleted: true)])), [], "it waits for its end")
    }

    func testSaysStepByStepWhatARealControllerSays() throws {
        let recorded = try Recording.json("jobs-of-a-real-cluster.json")["statuses"] ?? [:]
        let times: Set = [
            "startTime", "completionTime", "lastProbeTime", "lastTransitionTime", "uncountedTerminatedPods",
        ]
        for (name, phase) in [("ok", "Succeeded"), ("bad", "Failed")] {
            var job = job(["backoffLimit": 0])
            var pods: [JSON] = []
            var statuses: [JSON] = [job["status"] ?? [:]]
            for step in 0..<4 {
                let plan = plan(job, pods)
                if let changed = written(plan) {
                    job = changed
                    statuses.append(changed["status"] ?? [:])
                }
                pods = step == 0 ? [pod("one", "Pending")] : [pod("one", phase)]
            }
            let wanted = recorded[name]?.array ?? []
            XCTAssertEqual(statuses.count, wanted.count, name)
            for (status, wanted) in zip(statuses, wanted) {
                XCTAssertEqual(status.differences(to: wanted, ignoring: times), [], name)
            }
        }
    }

    func testWaitsLongerAfterEachFailure() {
        let job = job(["backoffLimit": 5])
        XCTAssertEqual(created(plan(job, [pod("one", "Failed")], after: 9)), [])
        XCTAssertEqual(plan(job, [pod("one", "Failed")], after: 9).checkAgain, start.addingTimeInterval(10))
        XCTAssertEqual(created(plan(job, [pod("one", "Failed")], after: 10)).count, 1)
        let two = [pod("one", "Failed"), pod("two", "Failed", ended: 20)]
        XCTAssertEqual(plan(job, two, after: 30).checkAgain, start.addingTimeInterval(40))
        XCTAssertEqual(written(plan(job, two, after: 30))?.at("status", "failed"), 2)
    }

    func testFailsInTwoStepsOnceItsLimitIsReached() throws {
        let failing = job(["backoffLimit": 0], ["startTime": "2027-01-15T08:00:00Z"])
        let pods = [pod("one", "Failed"), pod("late", "Running")]
        let first = plan(failing, pods)
        XCTAssertEqual(deleted(first), ["late"])
        let target = try XCTUnwrap(written(first))
        XCTAssertEqual(types(target), ["FailureTarget"])
        XCTAssertNil(target.at("status", "failed"))
        // While a pod still ends, there is no last word.
        let between = plan(target, [pods[0], pod("late", "Running", deleted: true)])
        XCTAssertEqual(types(written(between)), ["FailureTarget"])
        let last = try XCTUnwrap(written(plan(target, [pods[0]])))
        XCTAssertEqual(types(last), ["FailureTarget", "Failed"])
        XCTAssertEqual(last.at("status", "failed"), 1)
        XCTAssertEqual(Conditions(last.at("status", "conditions"))["Failed"]?["reason"], "BackoffLimitExceeded")
        XCTAssertEqual(plan(last, [pods[0]]), .nothing)
    }

    func testRestartsInPlaceCountAgainstTheLimit() {
        let job = job([
            "backoffLimit": 2, "template": ["spec": ["restartPolicy": "OnFailure"]],
        ])
        XCTAssertEqual(types(written(plan(job, [pod("one", "Running", restarts: 1)]))), [])
        XCTAssertEqual(types(written(plan(job, [pod("one", "Running", restarts: 2)]))), ["FailureTarget"])
    }

    func testEndsAtItsDeadline() {
        let started: JSON = ["startTime": .string(ObjectStore.timestamp(start))]
        let job = job(["activeDeadlineSeconds": 60], started)
        XCTAssertEqual(plan(job, [pod("one", "Running")], after: 59).checkAgain, start.addingTimeInterval(60))
        let late = plan(job, [pod("one", "Running")], after: 60)
        XCTAssertEqual(deleted(late), ["one"])
        let condition = Conditions(written(late)?.at("status", "conditions"))["FailureTarget"]
        XCTAssertEqual(condition?["reason"], "DeadlineExceeded")
        XCTAssertEqual(condition?["message"], "Job was active longer than specified deadline")
    }

    func testCompletesAndIsTakenAwayAfterItsTime() throws {
        let job = job(["ttlSecondsAfterFinished": 600, "completions": 2, "parallelism": 2])
        let pods = [pod("one", "Succeeded"), pod("two", "Succeeded")]
        let met = try XCTUnwrap(written(plan(job, pods)))
        XCTAssertEqual(types(met), ["SuccessCriteriaMet"])
        let complete = try XCTUnwrap(written(plan(met, pods)))
        XCTAssertEqual(types(complete), ["SuccessCriteriaMet", "Complete"])
        XCTAssertEqual(complete.at("status", "succeeded"), 2)
        XCTAssertEqual(complete.at("status", "completionTime")?.string, ObjectStore.timestamp(start))
        XCTAssertEqual(plan(complete, pods, after: 599).checkAgain, start.addingTimeInterval(600))
        XCTAssertEqual(deleted(plan(complete, pods, after: 600)), ["migrate"])
    }

    func testSuspendedItHasNoPods() throws {
        let suspended = plan(job(["suspend": true]), [pod("one", "Running")])
        XCTAssertEqual(deleted(suspended), ["one"])
        XCTAssertEqual(types(written(suspended)), ["Suspended"])
        var resumed = try XCTUnwrap(written(suspended))
        resumed.set(false, at: "spec", "suspend")
        let again = plan(resumed, [])
        XCTAssertEqual(created(again).count, 1)
        XCTAssertEqual(Conditions(written(again)?.at("status", "conditions"))["Suspended"]?["status"], "False")
    }
}
