import JSON
import XCTest

@testable import Kubernetes

/// Fields as people call them.
final class FieldWordsTests: XCTestCase {
    private let deployment: JSON = ["kind": "Deployment", "metadata": ["name": "cats"]]

    private func subject(_ fields: String...) -> String {
        FieldWords(deployment).subject(fields.map(FieldPath.init(conflict:))).text
    }

    func testFieldsOfAnObject() {
        XCTAssertEqual(subject(".spec.replicas"), "`replicas` of the Deployment cats")
        XCTAssertEqual(subject(".spec.strategy.rollingUpdate.maxSurge"), "`strategy.rollingUpdate.maxSurge` of the Deployment cats")
        XCTAssertEqual(
            subject(".metadata.labels.app.kubernetes.io/name", ".metadata.annotations.example.com/a.b"),
            "the label `app.kubernetes.io/name` and the annotation `example.com/a.b` of the Deployment cats")
        XCTAssertEqual(subject(".data.redis.conf"), "the key `redis.conf` of the Deployment cats")
        XCTAssertEqual(
            subject(#".spec.ports[port=80,protocol="TCP"].targetPort"#), "`ports[80].targetPort` of the Deployment cats")
        XCTAssertEqual(subject(#".metadata.finalizers[="example.com/a"]"#), "`finalizers[\"example.com/a\"]` of the Deployment cats")
    }

    func testFieldsOfContainers() {
        let container = #".spec.template.spec.containers[name="cats"]"#
        XCTAssertEqual(subject("\(container).image"), "`image` of the container `cats` (Deployment cats)")
        XCTAssertEqual(
            subject(#"\#(container).env[name="PORT"].value"#, #"\#(container).env[name="PORT"].name"#),
            "the variable `PORT` of the container `cats` (Deployment cats)")
        XCTAssertEqual(
            subject("\(container).resources.limits.memory", ".spec.replicas"),
            "`resources.limits.memory` of the container `cats` and `replicas` (Deployment cats)")
        XCTAssertEqual(subject(container), "the container `cats` of the Deployment cats")
    }

    func testManyFieldsAreNotAllNamed() {
        let fields = (1...8).map { FieldPath(conflict: ".spec.f\($0)") }
        XCTAssertEqual(
            FieldWords(deployment).subject(fields).text, "`f1`, `f2`, `f3`, `f4`, `f5` and 3 more of the Deployment cats")
    }

    func testConflictsAsAServerTellsThem() throws {
        let answer = try Recordings.answer("error-409-conflict.http")
        let conflicts = FieldConflict.all(in: try JSON.parse(answer.body))
        XCTAssertEqual(conflicts.map { FieldPath(conflict: $0.field) }, [FieldPath([.field("spec"), .field("replicas")])])
        let odd = FieldPath(conflict: #".spec.rules[host="a]b\"c"].http"#)
        XCTAssertEqual(odd.steps, [.field("spec"), .field("rules"), .item(["host": #"a]b"c"#]), .field("http")])
    }
}
