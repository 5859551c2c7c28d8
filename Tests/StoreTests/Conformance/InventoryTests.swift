import Deploys
import Store
import XCTest

final class InventoryTests: XCTestCase {
    private func object(
        _ name: String, in namespace: String = "apps-cats-test", uid: String = "1", ownership: String = "a"
    ) -> PlacedObject {
        PlacedObject(namespace: namespace, kind: "Service", name: name, uid: uid, ownership: ownership, content: "c\(uid)")
    }

    func testTheNewestWordOnAnObjectCounts() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.place([object("cats"), object("dogs"), object("cats", in: "apps-cats-prod")])
            try await journal.place([object("cats", uid: "2", ownership: "b")])
            let test = try await journal.placedObjects(in: "apps-cats-test")
            XCTAssertEqual(test, [object("cats", uid: "2", ownership: "b"), object("dogs")])
            let all = try await journal.placedObjects()
            XCTAssertEqual(all, [object("cats", in: "apps-cats-prod")] + test)
        }
    }

    func testOnlyTheVerySameObjectIsForgotten() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.place([object("cats", uid: "2"), object("dogs")])
            try await journal.forget([object("cats", uid: "1"), object("dogs", ownership: "z")])
            let left = try await journal.placedObjects()
            XCTAssertEqual(left, [object("cats", uid: "2")])
        }
    }
}
