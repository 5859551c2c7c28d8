import JSON
import XCTest

@testable import Sandbox

/// What server-side apply refuses before it looks at what is there.
final class ClusterAPIApplyRefusalTests: XCTestCase {
    private let path = "/apis/apps/v1/namespaces/apps-cats-test/deployments/cats"

    private func makeAPI() async throws -> ClusterAPIHarness {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace()
        return api
    }

    private func deployment(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        var object = try Recording.json("apply-deployment.request.json")
        change(&object)
        return object
    }

    private func container(_ object: JSON, _ index: Int = 0) -> JSON {
        object.at("spec", "template", "spec", "containers")?[index] ?? [:]
    }

    private func withContainer(_ change: (inout JSON) -> Void) throws -> JSON {
        try deployment {
            var container = container($0)
            change(&container)
            $0.set([container], at: "spec", "template", "spec", "containers")
        }
    }

    func testWrongShapesAreRefusedAsTheRealServerDoes() async throws {
        let api = try await makeAPI()
        let subject = "(apps-cats-test/cats; apps/v1, Kind=Deployment): "
        let prefix = "failed to create typed patch object \(subject)"
        let inContainer = ".spec.template.spec.containers[name=\"cats\"]"
        let cases: [(JSON, String)] = [
            (
                try deployment { $0.set("2", at: "spec", "replicas") },
                ".spec.replicas: expected numeric (int or float), got string"
            ),
            (
                try withContainer { $0["image"] = 5 },
                "\(inContainer).image: expected string, got &value.valueUnstructured{Value:5}"
            ),
            (
                try withContainer { $0["name"] = nil },
                ".spec.template.spec.containers: element 0: associative list with keys has an element that "
                    + "omits all key fields [\"name\"] (and doesn't have default values for any key fields)"
            ),
            (
                try withContainer {
                    $0["env"] = [["name": "A", "value": "1"], ["name": "A", "value": "2"]]
                },
                "\(inContainer).env: duplicate entries for key [name=\"A\"]"
            ),
            (try withContainer { $0["args"] = "x" }, "\(inContainer).args: expected list, got &{x}"),
            (
                try deployment { $0.set([], at: "spec", "selector") },
                ".spec.selector: expected map, got &{[]}"
            ),
        ]
        for (object, sentence) in cases {
            let answer = try await api.apply(path, object)
            XCTAssertEqual(answer.status, 500, answer.text)
            XCTAssertEqual(answer.message, prefix + sentence)
            XCTAssertNil(answer.json["reason"])
        }
    }

    func testValuesInTextMustMakeSense() async throws {
        let api = try await makeAPI()
        let quantity = try await api.apply(
            path, try withContainer { $0["resources"] = ["limits": ["cpu": "much"]] })
        XCTAssertEqual(quantity.status, 500)
        XCTAssertTrue(quantity.message.hasSuffix(ExactQuantity.sentence), quantity.message)
    }

    func testBodiesThatAreNotWhatTheURLSays() async throws {
        let api = try await makeAPI()
        let type = "application/apply-patch+yaml"
        let url = "\(path)?fieldManager=iterapp"
        func send(_ raw: String) async throws -> ClusterAPIHarness.Answer {
            try await api.send("PATCH", url, raw: raw, type: type)
        }
        let text = try deployment().text
        let yaml = try await send("kind: Deployment\n")
        XCTAssertEqual(yaml.status, 400)
        let slash = try await send(text.replacingOccurrences(of: "apps/v1", with: #"apps\/v1"#))
        XCTAssertEqual(slash.status, 400)
        XCTAssertTrue(slash.message.contains("found unknown escape character"), slash.message)
        let surrogates = try await send(text.replacingOccurrences(of: "index.html", with: #"\ud83d\ude00"#))
        XCTAssertEqual(surrogates.status, 400)
        let owned = try await api.apply(path, try deployment { $0.set([], at: "metadata", "managedFields") })
        XCTAssertEqual(owned.status, 400)
        XCTAssertEqual(owned.message, "metadata.managedFields must be nil")
        let renamed = try await api.apply(path, try deployment { $0.set("dogs", at: "metadata", "name") })
        XCTAssertEqual(
            renamed.message, "the name of the object (dogs) does not match the name on the URL (cats)")
        let moved = try await api.apply(path, try deployment { $0.set("other", at: "metadata", "namespace") })
        XCTAssertEqual(moved.status, 400)
        let version = try await api.apply(path, try deployment { $0["apiVersion"] = "apps/v2" })
        XCTAssertTrue(
            version.message.hasPrefix("Incorrect version specified in apply patch."), version.message)
        let media = try await api.send("PATCH", url, try deployment(), type: "application/json-patch+json")
        XCTAssertEqual(media.status, 415)
        let all = try await api.get("/apis/apps/v1/deployments").json
        XCTAssertEqual(all["items"], [], "nothing of this was written")
    }
}
