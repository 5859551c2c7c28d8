import Foundation
import JSON
import XCTest

@testable import Sandbox

final class DisruptionControllerTests: XCTestCase {
    private func status(_ spec: JSON, ready: Int, of count: Int, before: JSON = [:]) -> JSON? {
        var spec = spec
        spec["selector"] = ["matchLabels": ["app": "cats"]]
        let pods = (0..<count).map { index -> JSON in
            [
                "metadata": ["name": "\(index)", "labels": ["app": "cats"]],
                "status": ["phase": "Running", "conditions": [
                    ["type": "Ready", "status": index < ready ? "True" : "False"]
                ]],
            ]
        }
        let other: JSON = ["metadata": ["name": "other"], "status": ["phase": "Running"]]
        let budget: JSON = [
            "metadata": ["name": "cats", "namespace": "n", "generation": 2], "spec": spec, "status": before,
        ]
        let plan = DisruptionController(
            budget: budget, pods: pods + [other], now: Date(timeIntervalSince1970: 0)
        ).plan()
        return plan.actions.compactMap { if case .updateStatus(_, let object) = $0 { object["status"] } else { nil } }
            .first
    }

    func testCountsWhatMayGo() throws {
        for (spec, ready, count, desired, allowed) in [
            (["maxUnavailable": 1], 2, 2, 1, 1), (["maxUnavailable": 1], 1, 2, 1, 0),
            (["minAvailable": 2], 3, 3, 2, 1), (["minAvailable": "50%"], 3, 3, 2, 1),
            (["maxUnavailable": "34%"], 3, 3, 1, 2), (["minAvailable": 1], 0, 0, 1, 0),
        ] as [(JSON, Int, Int, Int, Int)] {
            let status = try XCTUnwrap(status(spec, ready: ready, of: count))
            XCTAssertEqual(status["expectedPods"]?.int, count, spec.text)
            XCTAssertEqual(status["currentHealthy"]?.int, ready, spec.text)
            XCTAssertEqual(status["desiredHealthy"]?.int, desired, spec.text)
            XCTAssertEqual(status["disruptionsAllowed"]?.int, allowed, spec.text)
            let condition = Conditions(status["conditions"])["DisruptionAllowed"]
            XCTAssertEqual(condition?["reason"], allowed > 0 ? "SufficientPods" : "InsufficientPods")
            XCTAssertEqual(condition?["observedGeneration"], 2)
            XCTAssertNil(self.status(spec, ready: ready, of: count, before: status), "nothing new is not written")
        }
    }
}
