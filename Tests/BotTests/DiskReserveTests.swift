import Deploys
import Foundation
import HTTP
import TestSupport
import XCTest

@testable import Bot

/// A disk of a few MiB fills up to the reserve: no new work is taken, everything else goes on, and work is taken again
/// when there is space.
final class DiskReserveTests: XCTestCase {
    func testNewWorkIsRefusedAndTheRestGoesOn() async throws {
        try await SmallDisk.with(mebibytes: 24, unavailable: { XCTSkip($0) }) { disk in
            try await BotBench.with { bench in
                let change = ["ITERAPP_STATE_DIR": disk.directory.path + "/state", "ITERAPP_DISK_RESERVE_MIB": "8"]
                let parts = try await ServiceParts(try bench.settings(change), log: bench.log.log)
                do { try await check(parts, disk, bench) } catch {
                    await parts.close()
                    throw error
                }
                await parts.close()
            }
        }
    }

    private func check(_ parts: ServiceParts, _ disk: SmallDisk, _ bench: BotBench) async throws {
        let routes = Routes(parts: parts, state: ServiceState())
        let before = await routes.answer(bench.command("register cats"))
        XCTAssertEqual(before.status, 200)
        XCTAssertFalse(before.text.contains("disk"), before.text)

        try disk.fill(leavingBytes: 6 << 20)
        await parts.basics.disk.look()
        let refused = await routes.answer(bench.command("register dogs"))
        XCTAssertEqual(refused.status, 200)
        XCTAssertTrue(refused.text.contains("The disk of the Iterapp service is full"), refused.text)
        let help = await routes.answer(bench.command("help"))
        XCTAssertTrue(help.text.contains("deploy"), help.text)
        for path in ["/healthz", "/readyz", "/metrics", "/"] {
            let page = await get(path, routes)
            XCTAssertEqual(page.status, 200, path)
        }
        let ready = await get("/readyz", routes)
        XCTAssertTrue(ready.text.contains("no new work is taken: the disk has less than its reserve left"), ready.text)
        let metrics = await get("/metrics", routes)
        XCTAssertTrue(metrics.text.contains("\niterapp_disk_reserve_bytes \(8 << 20)\n"), metrics.text)
        XCTAssertTrue(metrics.text.contains("\niterapp_disk_free_bytes "), metrics.text)
        XCTAssertEqual(bench.log.all.count { $0.contains("no new work is taken") }, 1)
        // What was accepted waits: nobody takes it.
        let queued = try await parts.basics.journal.statistics().operations[.queued]
        XCTAssertEqual(queued, 1)

        try disk.empty()
        await parts.basics.disk.look()
        XCTAssertEqual(bench.log.all.count { $0.contains("new work is taken again") }, 1)
        let after = await routes.answer(bench.command("register dogs"))
        XCTAssertFalse(after.text.contains("disk"), after.text)
    }

    private func get(_ path: String, _ routes: Routes) async -> HTTPResponse {
        await routes.answer(HTTPRequest(method: "GET", target: path, headers: [:], body: [], peer: ""))
    }
}
