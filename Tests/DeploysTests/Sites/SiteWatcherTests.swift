import Deploys
import Foundation
import Store
import Synchronization
import XCTest

/// What happens to a deploy's message after the deploy is over.
final class SiteWatcherTests: XCTestCase {
    private static let url = "https://cats.test.iterate.no/"
    private static let start = Bench.noon.addingTimeInterval(60)

    /// Stands in for cert-manager: counts what it is asked for.
    private final class Desk: Certificates {
        let asked = Mutex<[ClusterPlan]>([])
        func ask(for plan: ClusterPlan) async { asked.withLock { $0.append(plan) } }
        func restore(_ plan: ClusterPlan) async {}
        func snapshots() async -> AsyncStream<CertificateSnapshot> { AsyncStream { $0.finish() } }
    }

    /// A deploy that is over, and whose only site waits.
    private func withWaitingDeploy(
        _ body: (Bench, SiteWatcher, Clock, Desk) async throws -> Void
    ) async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            bench.world.obstacles.withLock { $0[Self.url] = "DNS." }
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            _ = try await bench.delivered()
            let clock = Clock(Self.start)
            let desk = Desk()
            try await body(bench, watcher(bench, clock, desk), clock, desk)
        }
    }

    private func watcher(_ bench: Bench, _ clock: Clock, _ desk: Desk) -> SiteWatcher {
        SiteWatcher(
            journal: bench.journal, sites: bench.world, certificates: desk, signals: bench.signals,
            now: { clock.now }, log: bench.log.log)
    }

    private final class Clock: Sendable {
        private let date: Mutex<Date>
        init(_ date: Date) { self.date = Mutex(date) }
        var now: Date { date.withLock { $0 } }
        func advance(_ seconds: TimeInterval) { date.withLock { $0 += seconds } }
    }

    private func sites(_ drafts: [NoticeDraft]) -> [[Site]] {
        drafts.compactMap { draft in
            guard case .live(let report) = draft, case .live(let sites) = report.phase else { return nil }
            return sites
        }
    }

    func testSlowerAndSlowerUpToAnHour() async throws {
        try await withWaitingDeploy { bench, watcher, clock, desk in
            var looks: [TimeInterval] = []
            while clock.now.timeIntervalSince(Self.start) < 4 * 3_600 {
                if try await watcher.lookAtDue() > 0 { looks.append(clock.now.timeIntervalSince(Bench.noon)) }
                clock.advance(1)
            }
            let pauses = zip(looks.dropFirst(), looks).map { $0 - $1 }
            XCTAssertEqual(pauses.prefix(9), [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560])
            XCTAssertEqual(Set(pauses.dropFirst(9)), [3_600])
            let notices = try await bench.delivered()
            XCTAssertEqual(notices, [], "nothing is new")
            XCTAssertEqual(desk.asked.withLock { $0.count }, looks.count)
            XCTAssertEqual(desk.asked.withLock { $0[0].namespace }, "apps-cats-test")
        }
    }

    func testTheMessageIsEditedWhenTheSentenceChangesAndOnceMoreAtTheEnd() async throws {
        try await withWaitingDeploy { bench, watcher, clock, _ in
            clock.advance(100)
            _ = try await watcher.lookAtDue()
            bench.world.obstacles.withLock { $0[Self.url] = "The certificate." }
            clock.advance(3_600)
            _ = try await watcher.lookAtDue()
            let changed = try await bench.delivered()
            XCTAssertEqual(sites(changed), [[Site(url: Self.url, waitingFor: "The certificate.")]])
            bench.world.obstacles.withLock { $0[Self.url] = nil }
            let tooEarly = try await watcher.lookAtDue()
            XCTAssertEqual(tooEarly, 0)
            clock.advance(5)
            let soon = try await watcher.lookAtDue()
            XCTAssertEqual(soon, 1, "after news it looks again at once")
            let last = try await bench.delivered()
            XCTAssertEqual(sites(last), [[Site(url: Self.url)]])
            XCTAssertFalse(last.contains(where: \.isAnnouncement))
            clock.advance(9_999)
            let none = try await watcher.lookAtDue()
            XCTAssertEqual(none, 0)
        }
    }

    func testNewsThatComeAndGoDoNotKeepItBusy() async throws {
        try await withWaitingDeploy { bench, watcher, clock, _ in
            var looks = 0
            while clock.now.timeIntervalSince(Self.start) < 24 * 3_600 {
                bench.world.obstacles.withLock { $0[Self.url] = "Number \(looks)." }
                looks += try await watcher.lookAtDue()
                clock.advance(5)
            }
            XCTAssertLessThan(looks, 60)
            _ = try await bench.delivered()
        }
    }

    func testAfterAWeekItSaysSoAndStops() async throws {
        try await withWaitingDeploy { bench, watcher, clock, _ in
            clock.advance(7 * 24 * 3_600)
            _ = try await watcher.lookAtDue()
            let last = try await bench.delivered()
            XCTAssertEqual(
                sites(last).last?.first?.waitingFor,
                "DNS. Iterapp has stopped looking after a week; deploy again once this is mended.")
            clock.advance(9_999)
            let none = try await watcher.lookAtDue()
            XCTAssertEqual(none, 0)
        }
    }

    func testARestartChangesNothing() async throws {
        try await withWaitingDeploy { bench, _, clock, desk in
            await bench.journal.close()
            let journal = try await SQLiteJournal.open(bench.directory) { Bench.noon }
            let watcher = SiteWatcher(
                journal: journal, sites: World(), certificates: desk, signals: bench.signals, now: { clock.now },
                log: bench.log.log)
            let looks = try await watcher.lookAtDue()
            XCTAssertEqual(looks, 1)
            guard case .notice(let notice) = try await journal.nextEdit(at: Bench.noon) else {
                return XCTFail("nothing was told")
            }
            XCTAssertEqual(sites([notice.draft]), [[Site(url: Self.url)]])
            XCTAssertNotNil(notice.liveMessage, "the deploy's own message is edited")
            await journal.close()
        }
    }

    func testANewerDeployTakesOver() async throws {
        try await withWaitingDeploy { bench, watcher, clock, _ in
            bench.world.obstacles.withLock { $0[Self.url] = nil }
            bench.world.commit("b")
            await bench.command("deploy cats test main")
            try await bench.work(until: 2)
            _ = try await bench.delivered()
            clock.advance(60)
            let looks = try await watcher.lookAtDue()
            XCTAssertEqual(looks, 0)
        }
    }

    func testAnAppThatIsNoLongerRegisteredIsLeftAlone() async throws {
        try await withWaitingDeploy { bench, watcher, clock, desk in
            await bench.command("deregister cats")
            _ = try await bench.delivered()
            clock.advance(60)
            _ = try await watcher.lookAtDue()
            XCTAssertEqual(desk.asked.withLock { $0 }, [])
            let notices = try await bench.delivered()
            XCTAssertEqual(notices, [])
            clock.advance(9_999)
            let none = try await watcher.lookAtDue()
            XCTAssertEqual(none, 0)
        }
    }

    func testItWorksUntilItIsStopped() async throws {
        try await withWaitingDeploy { bench, watcher, _, _ in
            bench.world.obstacles.withLock { $0[Self.url] = nil }
            let work = Task { await watcher.run() }
            while try await bench.journal.nextEdit(at: Bench.noon) == .none { await Task.yield() }
            work.cancel()
            await work.value
            let last = try await bench.delivered()
            XCTAssertEqual(sites(last), [[Site(url: Self.url)]])
        }
    }
}
