import JSON
import XCTest

@testable import Kubernetes

/// What differs between an object and what our apply would make of it, and who did it.
final class ObjectDifferenceTests: XCTestCase {
    private func entry(_ manager: String, _ operation: String, _ time: String, _ fields: JSON) -> JSON {
        [
            "manager": .string(manager), "operation": .string(operation), "time": .string(time), "apiVersion": "apps/v1",
            "fieldsType": "FieldsV1", "fieldsV1": fields,
        ]
    }

    private func deployment(image: String, env: [JSON], managedFields: [JSON] = []) -> JSON {
        let container: JSON = ["name": "cats", "image": .string(image), "env": .array(env)]
        return [
            "kind": "Deployment", "metadata": ["name": "cats", "managedFields": .array(managedFields), "uid": "1"],
            "spec": ["replicas": 1, "template": ["spec": ["containers": [container]]]],
        ]
    }

    private func container(_ fields: JSON) -> JSON {
        ["f:spec": ["f:template": ["f:spec": ["f:containers": [#"k:{"name":"cats"}"#: fields]]]]]
    }

    func testChangedFieldAndItsOwner() {
        let live = deployment(
            image: "other", env: [["name": "A", "value": "1"]],
            managedFields: [
                entry("iterapp", "Apply", "2026-11-20T23:25:51Z", container(["f:name": [:]])),
                entry("kubectl-edit", "Update", "2026-11-20T23:26:00Z", container(["f:image": [:]])),
                entry("kube-controller-manager", "Update", "2026-11-20T23:27:00Z", ["f:status": [:]]),
            ])
        let wanted = deployment(image: "ours", env: [["name": "A", "value": "1"]])
        let differences = ObjectDifference.between(live, and: wanted, of: wanted)
        XCTAssertEqual(differences.count, 1)
        XCTAssertEqual(differences.first?.owner, FieldOwner(manager: "kubectl-edit", time: "2026-11-20T23:26:00Z"))
        XCTAssertEqual(
            DriftWords.changed(live, differences),
            ["`image` of the container `cats` (Deployment cats) was changed with kubectl-edit (2026-11-20 23:26 UTC)."])
    }

    func testRemovedItemsAndThoseOfOthers() {
        let live = deployment(image: "ours", env: [["name": "B", "value": "2"]])
        let wanted = deployment(image: "ours", env: [["name": "A", "value": "1"], ["name": "B", "value": "3"]])
        let applied = deployment(image: "ours", env: [["name": "A", "value": "1"]])
        XCTAssertEqual(
            DriftWords.changed(live, ObjectDifference.between(live, and: wanted, of: applied)),
            ["The variable `A` of the container `cats` (Deployment cats) was removed."])
    }

    func testOwnerOfAWholeOwnsWhatIsInIt() {
        let live: JSON = [
            "kind": "Service", "metadata": [
                "name": "cats",
                "managedFields": [entry("helm", "Update", "2026-11-20T23:26:00Z", ["f:spec": ["f:selector": [:]]])],
            ],
            "spec": ["selector": ["app": "dogs"]],
        ]
        var wanted = live
        wanted["spec"] = ["selector": ["app": "cats"]]
        XCTAssertEqual(ObjectDifference.between(live, and: wanted, of: wanted).first?.owner?.manager, "helm")
    }

    func testWhatTheServerKeepsIsNoDifference() throws {
        let live = try Recordings.json("apply-deployment-update.response.json")
        var same = live
        same["status"] = ["replicas": 9]
        same["metadata"]?["resourceVersion"] = "1"
        same["metadata"]?["managedFields"] = []
        XCTAssertEqual(ObjectDifference.between(live, and: same, of: live), [])
    }

    func testRecordedObjectsHaveOwnership() throws {
        let live = try Recordings.json("apply-deployment-update.response.json")
        let digest = Ownership.digest(of: live)
        XCTAssertEqual(digest.count, 24)
        var edited = live
        for (index, entry) in (live.at("metadata", "managedFields")?.array ?? []).enumerated()
        where Ownership.isOurs(entry) {
            var entries = live.at("metadata", "managedFields")?.array ?? []
            entries[index]["fieldsV1"]?["f:spec"]?["f:replicas"] = nil
            edited["metadata"]?["managedFields"] = .array(entries)
        }
        XCTAssertNotEqual(Ownership.digest(of: edited), digest)
        XCTAssertEqual(Ownership.fingerprint(of: live).utf8.count, 15, "no memory of its own")
        XCTAssertEqual(Ownership.digest(of: ["metadata": [:]]), "")
    }
}
