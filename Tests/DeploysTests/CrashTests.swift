import Foundation
import TestSupport
import XCTest

@testable import Deploys

/// A service that stops or dies at any moment goes on where it was, and nobody is told anything twice.
final class CrashTests: XCTestCase {
    /// One operation with everything in it: a look-up, a warning, two images, a roll-out.
    private static let files = applingFiles(["api", "web"]).merging(
        // `port` under a table's header becomes a variable, which deserves a warning.
        ["api/iterapp.toml": "[env.common]\nport = \"80\"\n"]) { _, warned in warned }

    private func prepare(_ bench: Bench) async throws {
        try await bench.register("cats")
        bench.world.commit("a", Self.files)
        await bench.command("deploy cats test main")
    }

    /// All that happens when nothing goes wrong.
    private func eventsOfAQuietRun() async throws -> [String] {
        nonisolated(unsafe) var events: [String] = []
        try await Bench.with { bench in
            try await prepare(bench)
            try await bench.work(until: 1)
            events = bench.world.events.value
            try await check(bench, told: try await bench.delivered(), at: "no moment")
        }
        return events
    }

    private func check(_ bench: Bench, told: [NoticeDraft], at moment: String) async throws {
        let operation = try await bench.operation(2)
        XCTAssertEqual(operation.state, .succeeded, moment)
        XCTAssertEqual(operation.commit?.id.short, "aaaaaaa", moment)
        XCTAssertEqual(operation.buildNumber, 1, moment)
        XCTAssertEqual(operation.releaseNumber, 1, moment)
        XCTAssertEqual(told.compactMap(\.title), ["Warnings"], moment)
        XCTAssertEqual(bench.notifications(of: told), 1, moment)
        let last = told.last { !$0.isAnnouncement && $0.title == nil }
        guard case .live(let sites)? = last?.phase else { return XCTFail("\(moment): \(String(describing: last))") }
        XCTAssertEqual(sites.count, 2, moment)
        let current = try await bench.journal.currentRelease(of: operation.app, in: .test)
        XCTAssertEqual(current, 1, moment)
    }

    /// Goes on with what is in the journal, and checks that nothing of it is done again.
    private func goOn(_ after: Bench, told: [NoticeDraft], at moment: String) async throws {
        let known = try await after.operation(2)
        // Once the commit is known, the branch may go on.
        if known.commit != nil { after.world.commit("f") }
        let build = try await after.journal.build(1, of: known.app)
        if !known.isFinished { try await after.work(until: 1) }
        try await check(after, told: told + after.delivered(), at: moment)
        let builds = after.world.events.value.filter { $0.hasPrefix("build ") }.sorted()
        let expected = build?.images != nil || known.isFinished ? [] : ["build aaaaaaa api #1", "build aaaaaaa web #1"]
        XCTAssertEqual(builds, expected, moment)
    }

    func testAStopAtAnyMoment() async throws {
        for moment in 1...(try await eventsOfAQuietRun().count) {
            try await Bench.with { bench in
                try await prepare(bench)
                let work = Watched<Task<Void, Never>?>(nil)
                bench.world.onEvent { _, count in if count == moment { work.value?.cancel() } }
                bench.world.hold("begin rescue")
                let running = bench.start()
                work.change { $0 = running }
                bench.world.release("begin rescue")
                // How often progress is written differs: the last moments may not come.
                try await bench.world.events.wait(for: "moment \(moment)") {
                    $0.count >= moment || $0.contains("end settle")
                }
                await bench.stop(running)
                let name = "stop at \(bench.world.events.value.prefix(moment).last ?? "") (\(moment))"
                let after = Bench(continuing: bench, in: World(continuing: bench.world))
                try await goOn(after, told: try await bench.delivered(), at: name)
            }
        }
    }

    /// As after `kill -9`: what the disk held at that moment is all that a second service finds.
    func testADeathAtAnyMoment() async throws {
        for moment in 1...(try await eventsOfAQuietRun().count) {
            try await Bench.with { bench in
                try await prepare(bench)
                let frozen = Watched(false)
                let thaw = Watched(false)
                bench.world.onEvent { event, count in
                    if count == moment || event == "end settle" {
                        frozen.change { $0 = true }
                        try? await thaw.wait(for: "the end of the test") { $0 }
                    }
                }
                let running = bench.start()
                try await frozen.wait(for: "moment \(moment)") { $0 }
                let name = "death at \(bench.world.events.value.prefix(moment).last ?? "") (\(moment))"
                // What people were told already stands in the channel.
                let told = try await bench.delivered()
                let copy = bench.directory.appending(path: "copy")
                try copyJournal(bench.directory, to: copy)
                running.cancel()
                thaw.change { $0 = true }
                await running.value
                let after = try await Bench(copy, world: World(continuing: bench.world))
                try await goOn(after, told: told, at: name)
                await after.journal.close()
            }
        }
    }

    private func copyJournal(_ directory: URL, to copy: URL) throws {
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        for name in ["iterapp.db", "iterapp.db-wal"] {
            let file = directory.appending(path: name)
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            try FileManager.default.copyItem(at: file, to: copy.appending(path: name))
        }
    }
}
