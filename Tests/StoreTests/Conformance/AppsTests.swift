import Deploys
import XCTest

final class AppsTests: XCTestCase {
    private func register(_ app: App, in journal: any Journal) async throws {
        let operation = try await journal.take(.other(.register, app.id))
        _ = try await journal.claimed()
        try await journal.end(operation, .registered(app))
    }

    func testRegisteredWithTheEndOfItsOperation() async throws {
        try await JournalUnderTest.run { journal in
            let app = App(id: dogs, defaultBranch: "trunk", defaultEnvironment: .test)
            let before = try await journal.app(dogs)
            XCTAssertNil(before)
            try await register(app, in: journal)
            try await register(App(id: cats, defaultBranch: "main", defaultEnvironment: nil), in: journal)
            let found = try await journal.app(AppID(organisation: "ITERATE", name: "dogs"))
            XCTAssertEqual(found, app)
            XCTAssertEqual(found?.id.name, "Dogs", "as it was written")
            let keys = try await journal.apps().map(\.id.key)
            XCTAssertEqual(keys, ["iterate/cats", "iterate/dogs"])
        }
    }

    func testDeregisterEndsAtOnceAndForgetsTheApp() async throws {
        try await JournalUnderTest.run { journal in
            try await register(App(id: cats, defaultBranch: "main", defaultEnvironment: .test), in: journal)
            let queued = try await journal.take(.deploy())
            let done = try await journal.deregister(.other(.deregister, key: "k"), at: later(3)) {
                [detail("gone \($0.id)")]
            }
            let operation = try XCTUnwrap(done)
            XCTAssertEqual(operation.kind, .deregister)
            XCTAssertEqual(operation.state, .succeeded)
            XCTAssertEqual(operation.finishedAt, later(3))
            let stored = try await journal.stored(operation.id)
            XCTAssertEqual(stored, operation)
            let app = try await journal.app(cats)
            XCTAssertNil(app)
            let apps = try await journal.apps()
            XCTAssertEqual(apps, [])
            let notice = try await journal.head()
            XCTAssertEqual(notice.draft, detail("gone \(operation.id)"))

            let waits = try await journal.claimed()
            XCTAssertEqual(waits.id, queued.id, "what was accepted is still done")
            let repeated = try await journal.deregister(.other(.deregister, key: "k"), at: later(4)) { _ in
                [detail("never")]
            }
            XCTAssertEqual(repeated, operation)
            let again = try await journal.deregister(.other(.deregister), at: later(5)) { _ in [] }
            XCTAssertNil(again, "it was not registered any more")
            let notices = try await journal.deliverAll()
            XCTAssertEqual(notices.count, 1)
        }
    }

    func testComesBackWithItsHistory() async throws {
        try await JournalUnderTest.run { journal in
            try await register(App(id: cats, defaultBranch: "main", defaultEnvironment: .test), in: journal)
            let operation = try await journal.take(.deploy())
            let build = try await journal.beginBuild(of: testCommit().id, for: operation, at: noon)
            XCTAssertEqual(build.number, 1)
            _ = try await journal.claimed()
            try await journal.end(operation)
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }

            let back = App(id: cats, defaultBranch: "trunk", defaultEnvironment: .prod)
            try await register(back, in: journal)
            let found = try await journal.app(cats)
            XCTAssertEqual(found, back)
            let next = try await journal.take(.deploy())
            let number = try await journal.beginBuild(of: testCommit("b").id, for: next, at: noon).number
            XCTAssertEqual(number, 2)
        }
    }

    func testOnlyARegisteredAppLearnsWherePushesGo() async throws {
        try await JournalUnderTest.run { journal in
            var app = App(id: cats, defaultBranch: "main", defaultEnvironment: .test)
            try await journal.setDefaultEnvironment(.prod, of: cats)
            let none = try await journal.app(cats)
            XCTAssertNil(none)
            try await register(app, in: journal)
            app.defaultEnvironment = nil
            try await journal.setDefaultEnvironment(nil, of: cats)
            let changed = try await journal.app(cats)
            XCTAssertEqual(changed, app)
            _ = try await journal.deregister(.other(.deregister), at: noon) { _ in [] }
            try await journal.setDefaultEnvironment(.prod, of: cats)
            let gone = try await journal.app(cats)
            XCTAssertNil(gone)
        }
    }
}
