import AppFile
import XCTest

final class NearestTests: XCTestCase {
    private let verbs = ["help", "register", "deregister", "build", "deploy", "status", "rollback"]

    func testMistypedWords() {
        let cases = [
            "deplyo": "deploy", "depoy": "deploy", "deployy": "deploy", "DEPLOY": "deploy",
            "Bulid": "build", "regsiter": "register", "unregister": "deregister", "hlep": "help",
            "rolback": "rollback", "stauts": "status",
        ]
        for (typed, meant) in cases { XCTAssertEqual(nearest(to: typed, in: verbs), meant, typed) }
    }

    func testOtherWords() {
        for typed in ["", "x", "dance", "de", "helicopter", "🐈", String(repeating: "a", count: 100_000)] {
            XCTAssertNil(nearest(to: typed, in: verbs), String(typed.prefix(20)))
        }
        XCTAssertNil(nearest(to: "deploy", in: []))
    }

    func testTheFirstOfEquallyNearWordsWins() {
        XCTAssertEqual(nearest(to: "snap", in: ["snap0", "snap1"]), "snap0")
        XCTAssertEqual(nearest(to: "snap1", in: ["snap0", "snap1"]), "snap1")
        XCTAssertEqual(nearest(to: "snap-3", in: Environments.all), "snap3")
    }

    func testSwappedNeighboursAreOneMistake() {
        XCTAssertEqual(nearest(to: "tset", in: ["test"]), "test")
        XCTAssertNil(nearest(to: "tezz", in: ["test"]))
    }
}
