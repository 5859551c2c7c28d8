import JSON
import XCTest

@testable import Kubernetes

/// The verdicts over the watch of a real Deployment's first roll-out and its update.
final class RollOutVerdictTests: XCTestCase {
    private func recordedStates(ofGeneration generation: Int) throws -> [JSON] {
        var decoder = WatchDecoder()
        return try decoder.push(Recordings.bytes("watch-deployments.jsonl")).compactMap { event in
            switch event {
            case .added(let object), .modified(let object):
                object.at("metadata", "generation")?.int == generation ? object : nil
            case .deleted, .bookmark: nil
            }
        }
    }

    func testFirstRollOutIsDoneWithItsLastEventOnly() throws {
        let states = try recordedStates(ofGeneration: 1)
        XCTAssertEqual(states.count, 6)
        let verdicts = states.map { RollOutVerdict.judge($0, generation: 1) }
        XCTAssertEqual(verdicts, [.waiting, .waiting, .waiting, .waiting, .waiting, .done])
    }

    func testUpdateIsNotTakenForDoneWhileTheOldVersionIsStillComplete() throws {
        let states = try recordedStates(ofGeneration: 2)
        XCTAssertEqual(states.count, 9)
        let verdicts = states.map { RollOutVerdict.judge($0, generation: 2) }
        XCTAssertEqual(verdicts.dropLast(), Array(repeating: .waiting, count: 8)[...])
        XCTAssertEqual(verdicts.last, .done)
        // The first event has the new spec with the status of the old version, which was complete.
        XCTAssertEqual(RollOutVerdict.judge(states[0], generation: 1), .done)
    }

    func testDeadlineIsReportedForEveryFailingDeployment() throws {
        let deployments = try Recordings.items("deployments.list.json")
        let verdicts = Dictionary(
            uniqueKeysWithValues: deployments.map {
                ($0.at("metadata", "name")?.string ?? "", RollOutVerdict.judge($0, generation: 1))
            })
        let failing = ["crash", "nopull", "nosecret", "oom", "toobig", "unready"]
        for name in failing { XCTAssertEqual(verdicts[name], .deadlineExceeded, name) }
        XCTAssertEqual(verdicts["cats"], .done)
        XCTAssertEqual(verdicts.count, failing.count + 1)
    }

    func testDeadlineOfAnEarlierGenerationDoesNotCount() throws {
        let failed = try XCTUnwrap(
            Recordings.items("deployments.list.json").first { $0.at("metadata", "name")?.string == "crash" })
        XCTAssertEqual(RollOutVerdict.judge(failed, generation: 2), .waiting)
    }

    func testNoReplicasAreDoneAtOnce() {
        let deployment: JSON = [
            "metadata": ["generation": 1], "spec": ["replicas": 0], "status": ["observedGeneration": 1],
        ]
        XCTAssertEqual(RollOutVerdict.judge(deployment, generation: 1), .done)
    }
}
