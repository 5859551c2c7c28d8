import Foundation
import JSON
import XCTest

@testable import Sandbox

/// The controller alone, as a function, driven through whole roll-outs by a toy ReplicaSet controller.
final class DeploymentControllerTests: XCTestCase {
    private var bench = DeploymentBench()

    override func setUp() { bench = DeploymentBench() }

    // MARK: - What a real cluster was seen to do

    func testFirstRollOutGoesThroughTheRecordedStates() {
        bench.deployment = DeploymentBench.deployment(replicas: 2)
        bench.step()
        XCTAssertEqual(bench.deployment.annotations["deployment.kubernetes.io/revision"], "1")
        let name = bench.sets[0].name
        XCTAssertEqual(bench.progressing?["reason"], "NewReplicaSetCreated")
        XCTAssertEqual(bench.progressing?["message"]?.string, "Created new replica set \"\(name)\"")
        XCTAssertNil(bench.status["observedGeneration"])
        XCTAssertEqual(bench.events, ["Scaled up replica set \(name) from 0 to 2"])

        bench.step()
        XCTAssertEqual(bench.status["observedGeneration"], 1)
        XCTAssertEqual(bench.status["unavailableReplicas"], 2)
        XCTAssertEqual(bench.status["terminatingReplicas"], 0)
        XCTAssertNil(bench.status["replicas"])
        XCTAssertEqual(bench.condition("Available")?["reason"], "MinimumReplicasUnavailable")

        bench.pods(present: 2)
        bench.step()
        XCTAssertEqual(bench.status["updatedReplicas"], 2)
        XCTAssertEqual(bench.types, ["Available", "Progressing"])
        XCTAssertEqual(bench.progressing?["message"]?.string, "ReplicaSet \"\(name)\" is progressing.")

        bench.pods(present: 2, available: 1)
        bench.step()
        XCTAssertEqual(bench.status["availableReplicas"], 1)
        XCTAssertEqual(bench.status["unavailableReplicas"], 1)

        bench.pods(present: 2, available: 2)
        bench.step()
        XCTAssertNil(bench.status["unavailableReplicas"])
        XCTAssertEqual(bench.types, ["Available", "Progressing"])
        XCTAssertEqual(bench.progressing?["reason"], "NewReplicaSetAvailable")
        XCTAssertEqual(
            bench.progressing?["message"]?.string, "ReplicaSet \"\(name)\" has successfully progressed.")
        XCTAssertEqual(bench.condition("Available")?["message"], "Deployment has minimum availability.")
        bench.step()
        XCTAssertEqual(bench.lastPlan, ControllerPlan(), "a finished roll-out rests")
    }

    func testUpdateReplacesOneByOneAndKeepsEnoughAvailable() {
        bench.deployment = DeploymentBench.deployment(replicas: 2)
        bench.runToEnd()
        let old = bench.sets[0].name
        bench.events = []
        bench.change(image: "cats:2")
        // 25 % of 2: one more, none fewer.
        let minAvailable = bench.runToEnd()
        let new = bench.sets.first { $0.name != old }?.name ?? ""
        XCTAssertEqual(minAvailable, 2)
        XCTAssertEqual(bench.events, [
            "Scaled up replica set \(new) from 0 to 1", "Scaled down replica set \(old) from 2 to 1",
            "Scaled up replica set \(new) from 1 to 2", "Scaled down replica set \(old) from 1 to 0",
        ])
        XCTAssertEqual(bench.deployment.annotations["deployment.kubernetes.io/revision"], "2")
        XCTAssertEqual(bench.status["observedGeneration"], 2)
    }

    // MARK: - Rules

    func testPercentagesRoundSurgeUpAndUnavailabilityDown() {
        func spec(_ replicas: Int, _ surge: JSON, _ unavailable: JSON) -> DeploymentSpec {
            DeploymentSpec(DeploymentBench.deployment(replicas: replicas, surge: surge, unavailable: unavailable))
        }
        XCTAssertEqual(spec(10, "25%", "25%").strategy, .rollingUpdate(maxSurge: 3, maxUnavailable: 2))
        XCTAssertEqual(spec(1, "25%", "25%").strategy, .rollingUpdate(maxSurge: 1, maxUnavailable: 0))
        XCTAssertEqual(spec(3, 0, 0).strategy, .rollingUpdate(maxSurge: 0, maxUnavailable: 1))
        XCTAssertEqual(spec(3, 0, "10%").strategy, .rollingUpdate(maxSurge: 0, maxUnavailable: 1))
        XCTAssertEqual(spec(2, 1, 5).maxUnavailable, 2)
    }

    func testUnavailabilityMayGoFirst() {
        bench.deployment = DeploymentBench.deployment(replicas: 4, surge: 0, unavailable: 2)
        bench.runToEnd()
        bench.change(image: "cats:2")
        var most = 0
        let least = bench.runToEnd { most = max(most, $0) }
        XCTAssertEqual(least, 2)
        XCTAssertEqual(most, 4)
    }

    /// Pods that are not available anyway go first, but not while the new ones are not available either.
    func testUnhealthyOldPodsWaitForTheNewOnes() {
        func set(_ name: String, wanted: Int, available: Int) -> ReplicaSetFacts {
            ReplicaSetFacts([
                "metadata": ["name": .string(name)], "spec": ["replicas": .int(wanted)],
                "status": ["availableReplicas": .int(available)],
            ])
        }
        let scaling = DeploymentScaling(
            spec: DeploymentSpec(DeploymentBench.deployment(replicas: 10, surge: 3, unavailable: 2)))
        let old = [set("old", wanted: 8, available: 4)]
        XCTAssertEqual(scaling.shrinkOld(new: set("new", wanted: 5, available: 0), old: old), [:])
        XCTAssertEqual(scaling.shrinkOld(new: set("new", wanted: 5, available: 3), old: old), ["old": 5])
    }

    func testABrokenVersionLeavesTheOldPods() {
        bench.deployment = DeploymentBench.deployment(replicas: 3)
        bench.runToEnd()
        let old = bench.sets[0].name
        bench.change(image: "cats:broken")
        bench.brokenImage = "cats:broken"
        let least = bench.runToEnd()
        XCTAssertEqual(least, 3)
        XCTAssertEqual(bench.size(old), 3)
        bench.now += 601
        bench.step()
        XCTAssertEqual(bench.progressing?["status"], "False")
        XCTAssertEqual(bench.progressing?["reason"], "ProgressDeadlineExceeded")
        let new = bench.sets.first { $0.name != old }?.name ?? ""
        XCTAssertEqual(
            bench.progressing?["message"]?.string, "ReplicaSet \"\(new)\" has timed out progressing.")

        bench.change(image: "cats:3")
        bench.runToEnd()
        XCTAssertEqual(bench.size(new), 0, "what never became available goes first")
        XCTAssertEqual(bench.progressing?["reason"], "NewReplicaSetAvailable")
    }

    func testTellsWhenTheDeadlineIs() throws {
        bench.deployment = DeploymentBench.deployment(replicas: 1)
        bench.brokenImage = "cats:1"
        bench.runToEnd()
        let again = try XCTUnwrap(bench.lastPlan.checkAgain)
        XCTAssertEqual(again.timeIntervalSince(bench.now), 601, accuracy: 1)
    }

    func testATemplateThatComesBackIsAdopted() {
        bench.deployment = DeploymentBench.deployment(replicas: 1)
        bench.runToEnd()
        let first = bench.sets[0].name
        bench.change(image: "cats:2")
        bench.runToEnd()
        bench.change(image: "cats:1")
        bench.runToEnd()
        XCTAssertEqual(bench.sets.count, 2)
        XCTAssertEqual(bench.size(first), 1)
        XCTAssertEqual(bench.deployment.annotations["deployment.kubernetes.io/revision"], "3")
        XCTAssertEqual(
            bench.sets.first { $0.name == first }?.annotations["deployment.kubernetes.io/revision"], "3")
    }

    func testForgetsOldRevisions() {
        bench.deployment = DeploymentBench.deployment(replicas: 1)
        bench.deployment.set(2, at: "spec", "revisionHistoryLimit")
        for version in 1...6 {
            if version > 1 { bench.change(image: "cats:\(version)") }
            bench.runToEnd()
        }
        let revisions = bench.sets.compactMap { $0.annotations["deployment.kubernetes.io/revision"] }
        XCTAssertEqual(Set(revisions), ["4", "5", "6"])
    }

    func testScalesInTheMiddleOfARollOutByShares() {
        bench.deployment = DeploymentBench.deployment(replicas: 10, surge: 3, unavailable: 2)
        bench.runToEnd()
        let old = bench.sets[0].name
        bench.change(image: "cats:broken")
        bench.brokenImage = "cats:broken"
        bench.runToEnd()
        XCTAssertEqual(bench.size(old), 8)
        // The example of the Deployment page, "Proportional scaling".
        bench.deployment.set(15, at: "spec", "replicas")
        bench.bumpGeneration()
        bench.step()
        let new = bench.sets.first { $0.name != old }?.name ?? ""
        XCTAssertEqual(bench.size(old), 11)
        XCTAssertEqual(bench.size(new), 7)
    }

    func testScalesDownToNothingAndUp() {
        bench.deployment = DeploymentBench.deployment(replicas: 2)
        bench.runToEnd()
        for replicas in [0, 3] {
            bench.deployment.set(.int(replicas), at: "spec", "replicas")
            bench.bumpGeneration()
            bench.runToEnd()
            XCTAssertEqual(bench.sets[0].at("spec", "replicas")?.int, replicas)
            XCTAssertEqual(bench.status["availableReplicas"]?.int ?? 0, replicas)
        }
    }

    func testRecreateEndsTheOldOnesFirst() {
        bench.deployment = DeploymentBench.deployment(replicas: 2)
        bench.deployment.set(["type": "Recreate"], at: "spec", "strategy")
        bench.runToEnd()
        bench.change(image: "cats:2")
        bench.step()
        XCTAssertEqual(bench.sets.count, 1)
        bench.step(oldPodsRun: true)
        XCTAssertEqual(bench.sets.count, 1, "waits until the last old pod has ended")
        bench.runToEnd()
        XCTAssertEqual(bench.sets.count, 2)
        XCTAssertEqual(bench.progressing?["reason"], "NewReplicaSetAvailable")
    }

    func testANameThatIsTakenIsAvoided() {
        bench.deployment = DeploymentBench.deployment(replicas: 1)
        bench.step()
        let name = bench.sets[0].name
        bench = DeploymentBench()
        bench.deployment = DeploymentBench.deployment(replicas: 1)
        bench.takenNames = [name]
        bench.step()
        XCTAssertEqual(bench.status["collisionCount"], 1)
        bench.step()
        XCTAssertEqual(bench.sets.count, 1)
        XCTAssertNotEqual(bench.sets[0].name, name)
    }

    func testTellsWhyNoPodCanBeMade() {
        bench.deployment = DeploymentBench.deployment(replicas: 1)
        bench.step()
        bench.sets[0].set([[
            "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota",
        ]], at: "status", "conditions")
        bench.step()
        XCTAssertEqual(bench.condition("ReplicaFailure")?["message"], "exceeded quota")
        bench.sets[0].set(nil, at: "status", "conditions")
        bench.runToEnd()
        XCTAssertNil(bench.condition("ReplicaFailure"))
    }
}
