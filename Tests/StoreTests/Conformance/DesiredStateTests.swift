import Deploys
import Store
import XCTest

final class DesiredStateTests: XCTestCase {
    func testAnEnvironmentShallBeLikeItsNewestLiveRelease() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.registerCats()
            let before = try await journal.desiredState(of: cats, in: .test)
            XCTAssertNil(before)
            let first = try await journal.released()
            _ = try await journal.released(to: .prod)
            let second = try await journal.released()
            try await journal.failed()
            let state = try await journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(
                state, DesiredState(app: cats, environment: .test, release: 3, plan: testPlan(second)))
            XCTAssertNotEqual(testPlan(first), testPlan(second))
            let found = try await journal.desiredState(inNamespace: "apps-cats-test")
            XCTAssertEqual(found, state)
            let prod = try await journal.desiredState(inNamespace: "apps-cats-prod")
            XCTAssertEqual(prod?.release, 2)
            let nobodys = try await journal.desiredState(inNamespace: "default")
            XCTAssertNil(nobodys)
        }
    }

    func testNothingIsPutRightWhereAFailedReleaseIsLeftInPlace() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.registerCats()
            _ = try await journal.released()
            try await journal.failed(.leftInPlace)
            let state = try await journal.desiredState(of: cats, in: .test)
            XCTAssertNil(state)
            let live = try await journal.liveState(of: cats, in: .test)
            XCTAssertEqual(live?.release, 1)
            let serving = try await journal.currentRelease(of: cats, in: .test)
            XCTAssertEqual(serving, 1)
            try await journal.failed(.putBack)
            let back = try await journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(back?.release, 1)
            _ = try await journal.released()
            let later = try await journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(later?.release, 4)
        }
    }

    func testNobodyWatchesOverADeregisteredApp() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.registerCats()
            _ = try await journal.released()
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
            let state = try await journal.desiredState(of: cats, in: .test)
            XCTAssertNil(state)
            let found = try await journal.desiredState(inNamespace: "apps-cats-test")
            XCTAssertNil(found)
            // Another app may take its namespace.
            let operation = try await journal.take(.deploy(dogs, to: .test))
            _ = try await journal.claimed()
            _ = try await journal.reserveRelease(
                for: operation, plan: ClusterPlan(namespace: "apps-cats-test", text: ""), at: noon)
            try await journal.end(operation, .released)
        }
    }

    func testAnAppThatIsRegisteredAgainBeginsWithoutADesiredState() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.registerCats()
            _ = try await journal.released()
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
            try await journal.registerCats()
            let state = try await journal.desiredState(inNamespace: "apps-cats-test")
            XCTAssertNil(state)
            let live = try await journal.liveState(of: cats, in: .test)
            XCTAssertEqual(live?.release, 1, "a deploy that fails is put back to it all the same")
        }
    }

    func testThePlanOfARepeatedRollOutIsTheNewestOne() async throws {
        try await JournalUnderTest.run { journal in
            try await journal.registerCats()
            let operation = try await journal.take(.deploy())
            _ = try await journal.claimed()
            _ = try await journal.reserveRelease(for: operation, plan: testPlan(operation), at: noon)
            let other = ClusterPlan(namespace: "apps-cats-test", text: "after an upgrade")
            _ = try await journal.reserveRelease(for: operation, plan: other, at: noon)
            try await journal.end(operation, .released)
            let state = try await journal.desiredState(of: cats, in: .test)
            XCTAssertEqual(state?.plan, other)
        }
    }
}

extension Journal {
    fileprivate func registerCats() async throws {
        let operation = try await take(.other(.register))
        _ = try await claimed()
        try await end(
            operation, .registered(App(id: cats, defaultBranch: "main", defaultEnvironment: .test)))
    }

    fileprivate func released(to environment: EnvironmentName = .test) async throws -> Deploys.Operation {
        let operation = try await take(.deploy(to: environment))
        _ = try await claimed()
        var numbered = operation
        numbered.releaseNumber = try await reserveRelease(for: operation, plan: testPlan(operation), at: noon)
        try await end(numbered, .released)
        return operation
    }

    fileprivate func failed(_ settlement: Settlement = .nothing) async throws {
        var operation = try await take(.deploy())
        _ = try await claimed()
        operation.releaseNumber = try await reserveRelease(for: operation, plan: testPlan(operation), at: noon)
        try await end(operation, as: .failed, settlement)
    }
}
