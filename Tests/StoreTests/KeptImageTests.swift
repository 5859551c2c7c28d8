import Deploys
import XCTest

@testable import Store

/// Which images are remembered by what they were made of.
final class KeptImageTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    private func image(_ fingerprint: String, _ build: Int, appling: String? = nil, text: String? = nil) -> KeptImage {
        KeptImage(
            app: cats, appling: appling, fingerprint: BuildFingerprint(fingerprint),
            image: ImageReference(text ?? "r/cats@\(build)"), build: build)
    }

    func testAnImageIsFoundByWhatItWasMadeOf() async throws {
        try await withSQLiteJournal { journal, _ in
            try await journal.keep(image("1", 1))
            try await journal.keep(image("1", 2, appling: "web"))
            var found = try await journal.keptImage(of: cats, appling: nil, BuildFingerprint("1"))
            XCTAssertEqual(found, image("1", 1))
            found = try await journal.keptImage(of: cats, appling: "web", BuildFingerprint("1"))
            XCTAssertEqual(found, image("1", 2, appling: "web"))
            found = try await journal.keptImage(of: cats, appling: "api", BuildFingerprint("1"))
            XCTAssertNil(found)
            let dogs = AppID(organisation: "iterate", name: "dogs")
            found = try await journal.keptImage(of: dogs, appling: nil, BuildFingerprint("1"))
            XCTAssertNil(found)
        }
    }

    func testTheNewestCounts() async throws {
        try await withSQLiteJournal { journal, _ in
            for build in [3, 5, 4] { try await journal.keep(image("1", build)) }
            let found = try await journal.keptImage(of: cats, appling: nil, BuildFingerprint("1"))
            XCTAssertEqual(found?.build, 5)
        }
    }

    func testOldOnesAreForgotten() async throws {
        try await withSQLiteJournal { journal, _ in
            try await journal.keep(image("other", 1, appling: "web"))
            for build in 1...(KeptImageTable.maxKeptImages + 3) { try await journal.keep(image("\(build)", build)) }
            for (build, isThere) in [(1, false), (3, false), (4, true), (KeptImageTable.maxKeptImages + 3, true)] {
                let found = try await journal.keptImage(of: cats, appling: nil, BuildFingerprint("\(build)"))
                XCTAssertEqual(found != nil, isThere, "\(build)")
            }
            let other = try await journal.keptImage(of: cats, appling: "web", BuildFingerprint("other"))
            XCTAssertNotNil(other)
        }
    }
}
