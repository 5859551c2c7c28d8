import JSON
import XCTest

@testable import Kubernetes

/// The causes of several pods in one sentence, with the right numbers.
final class DiagnosisTests: XCTestCase {
    private typealias Cats = FollowedDeployment

    private func cats(_ pods: [[String: JSON]]) -> Cats {
        var cats = Cats(replicas: pods.count)
        cats.pods = pods.enumerated().map { cats.pod($0.offset + 1, $0.element) }
        return cats
    }

    func testAllPodsWithOneCauseAreOneSentence() {
        let crashed = Cats.crashed(1, restarts: 2)
        XCTAssertEqual(
            cats([crashed, crashed, crashed]).sentence(),
            "3 of 3 pods: cats stops with exit code 1 when it starts (3 starts each so far).")
        XCTAssertEqual(
            cats([crashed]).sentence(), "cats stops with exit code 1 when it starts (3 starts so far).")
    }

    func testPodsThatAreStartedUnequallyOftenAreNotMadeEqual() {
        let pods = cats([Cats.crashed(1, restarts: 1), Cats.crashed(1, restarts: 4)])
        XCTAssertEqual(
            pods.sentence(), "2 of 2 pods: cats stops with exit code 1 when it starts (up to 5 starts each so far).")
        XCTAssertEqual(pods.diagnosis.first?.log?.pod, "cats-2", "the one that ended most often has most to say")
    }

    func testReadyPodsAreCountedAmongAll() {
        var cats = Cats(replicas: 3)
        cats.pods = [
            cats.pod(1, ready: true, Cats.running), cats.pod(2, Cats.crashed(1, restarts: 2)),
            cats.pod(3, Cats.crashed(1, restarts: 2)),
        ]
        XCTAssertEqual(
            cats.sentence(), "2 of 3 pods: cats stops with exit code 1 when it starts (3 starts each so far).")
    }

    func testDifferentCausesAreTheMostTellingOneAndTheNumberOfOthers() {
        var cats = cats([
            Cats.crashed(1, restarts: 2), Cats.waiting("ImagePullBackOff", "pull: not found"),
            Cats.crashed(1, restarts: 2), Cats.running, [:],
        ])
        cats.pods[4] = cats.pod(5, conditions: [Cats.unscheduled("0/1 nodes are available: 1 Insufficient cpu.")])
        XCTAssertEqual(
            cats.sentence(),
            "1 of 5 pods: The cluster cannot fetch the image of cats (registry.test/cats:1): pull: not found; "
                + "2 other pods: exit code 1; 1 other pod: no machine with room.")
    }

    func testCauseThatEndsTheRollOutIsToldBeforeOneThatMayPass() {
        let pods = cats([Cats.waiting("ErrImagePull", "i/o timeout"), Cats.crashed(1, restarts: 2)])
        let led = pods.diagnosis.led { $0.cause.identity == "exited 1" }
        XCTAssertEqual(
            pods.target.words.sentence(led),
            "1 of 2 pods: cats stops with exit code 1 when it starts (3 starts so far); 1 other pod: "
                + "image not fetched.")
    }

    func testQuotaThatLetsSomePodsThrough() {
        var cats = cats([Cats.running])
        let refused: JSON = [
            "type": "ReplicaFailure", "status": "True",
            "message":
                "pods \"cats-x\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1",
        ]
        let object = cats.object(conditions: [refused])
        let found = Diagnosis(of: object, pods: cats.pods)
        XCTAssertEqual(found.first?.patience, .seconds(10))
        XCTAssertEqual(
            cats.target.words.sentence(found),
            "The cluster refuses to start cats: the quota “q” of its namespace is used up (requested: pods=1, "
                + "used: pods=1, limited: pods=1).")
        cats.pods.append(cats.pod(2, Cats.running))
        XCTAssertNil(
            Diagnosis(of: object, pods: cats.pods, oldPodsLeave: true).first?.patience,
            "pods that go make room under the quota")
    }

    func testDeploymentThatSomebodyPaused() {
        let cats = cats([])
        var object = cats.object()
        object["spec"]?["paused"] = true
        let found = Diagnosis(of: object, pods: [])
        XCTAssertEqual(
            cats.target.words.sentence(found), "Somebody paused cats, so that the cluster starts nothing new of it.")
        XCTAssertEqual(
            cats.target.words.advice(.paused),
            "Go on, then deploy again: kubectl rollout resume deployment/cats --namespace ns")
    }

    func testReplicaSetThatCannotEvenBeMade() {
        let error: JSON = [
            "type": "Progressing", "status": "False", "reason": "ReplicaSetCreateError",
            "message": "replicasets.apps \"cats-x\" is forbidden: names have to be long",
        ]
        let cats = cats([])
        XCTAssertEqual(
            cats.target.words.sentence(Diagnosis(of: cats.object(conditions: [error]), pods: [])),
            "The cluster refuses to start cats: names have to be long.")
    }

    /// A look follows every burst of changes, so that it must not grow with what does not concern it.
    func testLookAtManyPodsIsCheap() {
        var deployments = (0..<5).map { Cats(name: "app-\($0)", replicas: 200) }
        for index in deployments.indices {
            deployments[index].pods = (0..<200).map {
                deployments[index].pod($0, Cats.crashed(1, restarts: 1))
            }
        }
        var bench = JudgeBench(deployments)
        let snapshot = bench.snapshot
        let start = ContinuousClock.now
        for _ in 0..<10 { _ = bench.look(at: snapshot) }
        let each = (ContinuousClock.now - start) / 10
        print("a look at 1,000 pods of 5 Deployments: \(each)")
        XCTAssertLessThan(each, .milliseconds(500))
    }

    func testPodsThatTheClusterStoppedAndReplacedAreNoNews() {
        var cats = cats([Cats.running])
        let evicted = cats.pod(
            2, ["state": ["terminated": ["exitCode": 137, "reason": "Error"]]],
            members: ["phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."])
        cats.pods.append(evicted)
        XCTAssertEqual(cats.diagnosis.pods, 1)
        XCTAssertEqual(cats.diagnosis.first?.cause, .notReady(nil, seconds: nil))
        cats.pods = [evicted]
        XCTAssertEqual(
            cats.sentence(), "The cluster stopped cats: The node was low on resource: memory.",
            "and no exit code, which is the cluster's doing")
    }

    func testPodsOfAnOlderReplicaSetWithOurAnnotationAreNotCounted() {
        var cats = Cats()
        cats.pods = [cats.pod(1, Cats.crashed(1, restarts: 9))]
        var restarted = cats.object()
        restarted["spec"]?["template"]?["metadata"]?["annotations"]?["kubectl.kubernetes.io/restartedAt"] = "now"
        XCTAssertEqual(Pods.current(of: restarted, among: cats.pods), [])
        XCTAssertEqual(Pods.current(of: cats.object(), among: cats.pods).count, 1)
    }
}
