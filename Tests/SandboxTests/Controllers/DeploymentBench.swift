import Foundation
import JSON
import XCTest

@testable import Sandbox

/// One Deployment and its ReplicaSets in memory. Plans are carried out at once; pods are numbers.
struct DeploymentBench {
    var deployment: JSON = [:]
    var sets: [JSON] = []
    var events: [String] = []
    var now = Date(timeIntervalSince1970: 1_800_000_000)
    var takenNames: Set<String> = []
    /// Pods with this image never become available.
    var brokenImage = ""
    private(set) var lastPlan = ControllerPlan()

    static func deployment(replicas: Int, surge: JSON = "25%", unavailable: JSON = "25%") -> JSON {
        [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": "cats", "namespace": "apps-cats-test", "uid": "d", "generation": 1],
            "spec": [
                "replicas": .int(replicas), "progressDeadlineSeconds": 600,
                "selector": ["matchLabels": ["app": "cats"]],
                "strategy": [
                    "type": "RollingUpdate",
                    "rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable],
                ],
                "template": [
                    "metadata": ["labels": ["app": "cats"]],
                    "spec": ["containers": [["name": "cats", "image": "cats:1"]]],
                ],
            ],
            "status": [:],
        ]
    }

    var status: JSON { deployment["status"] ?? [:] }
    func condition(_ type: String) -> JSON? { Conditions(status["conditions"])[type] }
    var progressing: JSON? { condition("Progressing") }
    var types: [String] { Conditions(status["conditions"]).items.compactMap { $0["type"]?.string } }
    func size(_ name: String) -> Int? { sets.first { $0.name == name }?.at("spec", "replicas")?.int }

    mutating func change(image: String) {
        deployment.set([["name": "cats", "image": .string(image)]], at: "spec", "template", "spec", "containers")
        bumpGeneration()
    }

    mutating func bumpGeneration() {
        deployment.set(.int(deployment.generation + 1), at: "metadata", "generation")
    }

    /// One plan, carried out.
    mutating func step(oldPodsRun: Bool = false) {
        now += 1
        let controller = DeploymentController(
            deployment: deployment, replicaSets: sets, takenNames: takenNames.union(sets.map(\.name)), now: now)
        lastPlan = controller.with(oldPodsRun: oldPodsRun).plan()
        for action in lastPlan.actions {
            switch action {
            case .create(_, var object):
                object.set(.string("rs\(sets.count)\(now.timeIntervalSince1970)"), at: "metadata", "uid")
                object.set(.string(ObjectStore.timestamp(now)), at: "metadata", "creationTimestamp")
                sets.append(object)
            case .update(_, let object):
                guard let index = sets.firstIndex(where: { $0.name == object.name }) else { continue }
                sets[index] = object
            case .updateStatus(_, let object): deployment = object
            case .delete(_, let object): sets.removeAll { $0.name == object.name }
            case .event(let note): events.append(note.message)
            }
        }
    }

    /// What a ReplicaSet controller would count in the first ReplicaSet.
    mutating func pods(present: Int, available: Int = 0) {
        setCounts(0, present: present, available: available)
    }

    private mutating func setCounts(_ index: Int, present: Int, available: Int) {
        for (key, count) in [
            ("replicas", present), ("readyReplicas", available), ("availableReplicas", available),
        ] {
            sets[index].set(count > 0 || key == "replicas" ? .int(count) : nil, at: "status", key)
        }
    }

    /// Steps until nothing is planned; between steps one pod of each ReplicaSet becomes available.
    /// - Parameter onTotal: called with the number of pods after each step.
    /// - Returns: the least number of available pods on the way, after the first time all were.
    @discardableResult
    mutating func runToEnd(_ onTotal: (Int) -> Void = { _ in }) -> Int {
        var least = Int.max
        for _ in 0..<200 {
            let before = (deployment, sets)
            step()
            var total = 0
            var available = 0
            for index in sets.indices {
                let wanted = sets[index].at("spec", "replicas")?.int ?? 0
                let image = sets[index].at("spec", "template", "spec", "containers")?[0]?["image"]?.string
                let already = min(sets[index].at("status", "availableReplicas")?.int ?? 0, wanted)
                let next = image == brokenImage ? 0 : min(wanted, already + 1)
                setCounts(index, present: wanted, available: next)
                total += wanted
                available += next
            }
            onTotal(total)
            least = min(least, available)
            if before.0 == deployment, before.1 == sets { return least }
        }
        XCTFail("the roll-out never comes to rest")
        return least
    }
}
