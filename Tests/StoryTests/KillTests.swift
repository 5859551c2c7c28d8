import Foundation
import TestSupport
import XCTest

/// The demo is killed at random moments, dozens of times in a row, while it works on what people asked for. Whatever
/// was acknowledged comes to its end, and the channel says everything once.
final class KillTests: XCTestCase {
    private static let kills = 50
    /// The lanes run side by side.
    private static let environments = ["test", "prod"] + (0...9).map { "snap\($0)" }
    private static let maxMomentMilliseconds = 1_000

    func testNothingIsLostAndNothingIsShownTwice() async throws {
        let told = ProcessInfo.processInfo.environment["ITERAPP_KILL_SEED"].flatMap { UInt64($0) }
        let seed = told ?? UInt64.random(in: 0...999_999)
        print("The moments are those of ITERAPP_KILL_SEED=\(seed)")
        try await withDemo { demo in
            var attack = KillAttack(demo: demo, random: SeededRandom(seed: seed))
            try await attack.prepare()
            for round in 1...Self.kills {
                // Every fifth time it does not even get to the end of its start.
                if round.isMultiple(of: 5) {
                    try await attack.killDuringStart()
                } else {
                    try await attack.killDuringWork(
                        environments: Self.environments, atMostAfter: .milliseconds(Self.maxMomentMilliseconds))
                }
            }
            try await demo.start()
            try await demo.waitUntilQuiet(atMost: .seconds(90), "after the last restart")
            let records = try DemoRecords(of: demo)
            print(attack.summary, "\(records.operations.count) operations, \(records.messages.count) messages")
            attack.checkOperations(records)
            checkMessages(records)
            try await checkPages(records, demo)
        }
    }

    /// One live message for each operation, one announcement for each that went live after its message was posted, and
    /// nothing else.
    private func checkMessages(_ records: DemoRecords) {
        XCTAssertEqual(records.undelivered, 0)
        let notices = records.messages.map(\.notice)
        XCTAssertFalse(notices.contains(nil), "a message that no notice asked for")
        XCTAssertEqual(Set(notices).count, notices.count, "a notice was posted twice")
        XCTAssertFalse(records.messages.contains(where: \.isReply), "nothing failed, so no thread tells why")

        let byTimestamp = Dictionary(uniqueKeysWithValues: records.messages.map { ($0.timestamp, $0) })
        let live = records.operations.compactMap { $0.timestamp.flatMap { byTimestamp[$0] } }
        let withoutMessage = records.operations.filter { $0.timestamp == nil }
        XCTAssertEqual(Set(live.map(\.timestamp)).count + withoutMessage.count, records.operations.count, "each its own")
        XCTAssertEqual(Set(withoutMessage.map(\.state)).subtracting(["superseded"]), [], "nobody heard of them")
        let liveTimestamps = Set(live.map(\.timestamp))
        let announcements = records.messages.filter { !liveTimestamps.contains($0.timestamp) }
        let released = records.operations.filter { $0.release != nil }
        for operation in released {
            let mark = "release #\(operation.release ?? 0) "
            let about = announcements.filter { $0.blocks.contains(mark) }
            let message = operation.timestamp.flatMap { byTimestamp[$0] }
            XCTAssertTrue(message?.blocks.contains(mark) ?? false, "the live message shows the end")
            // A message that showed the end from its first moment has notified people itself.
            let postedAt = message.flatMap { Double($0.timestamp) } ?? 0
            let wanted = postedAt < operation.finishedAt ?? 0 ? 1...1 : 0...1
            XCTAssertTrue(wanted.contains(about.count), "operation \(operation.id) is announced \(about.count) times")
            XCTAssertNotEqual(message?.text, about.first?.text)
        }
        XCTAssertLessThanOrEqual(announcements.count, released.count, "nothing else is announced")
        checkOrder(announcements, released)
    }

    /// Operations of a lane are announced in the order in which they were accepted.
    private func checkOrder(_ announcements: [DemoRecords.Message], _ released: [DemoRecords.Operation]) {
        for (lane, operations) in Dictionary(grouping: released, by: \.lane) {
            let times = operations.compactMap { operation in
                announcements.first { $0.blocks.contains("release #\(operation.release ?? 0) ") }?.timestamp
            }
            XCTAssertEqual(times, times.sorted(), "lane \(lane)")
        }
    }

    /// Every environment serves what went there last, and is not about to serve anything else.
    private func checkPages(_ records: DemoRecords, _ demo: DemoProcess) async throws {
        for environment in Self.environments {
            let wanted = records.operations.last { $0.environment == environment && $0.release != nil }
            let host = environment.hasPrefix("snap")
                ? "\(environment).cats.app.localhost" : "cats.\(environment == "prod" ? "app" : "test").localhost"
            let served = await demo.page(host, "/operation")
            XCTAssertEqual(served, wanted.map { "\($0.id)\n" }, environment)
            XCTAssertEqual(records.liveOperations[environment], wanted?.id, environment)
        }
    }
}

/// Asks for work, kills, starts again, and remembers what was promised.
private struct KillAttack {
    let demo: DemoProcess
    var random: SeededRandom

    /// The triggers of commands that were answered, and of those whose answer got lost.
    private(set) var acknowledged: Set<String> = []
    private(set) var unanswered: Set<String> = []
    private(set) var acknowledgedPushes: Set<Int64> = []
    private(set) var commits: Set<String> = []
    private var kills = 0
    private var lines = 0

    init(demo: DemoProcess, random: SeededRandom) {
        self.demo = demo
        self.random = random
    }

    var summary: String {
        "\(kills) kills; \(acknowledged.count) commands and \(acknowledgedPushes.count) pushes acknowledged, "
            + "\(unanswered.count) commands unanswered;"
    }

    /// The app tells which operation deployed it.
    mutating func prepare() async throws {
        let file = demo.cats.directory.appending(path: "start.sh")
        let script = try String(contentsOf: file, encoding: .utf8).replacing(
            "/bin/busybox mv ", with: "echo \"$HOPS_DEPLOYMENT_ID\" > /site/operation\n/bin/busybox mv ")
        try await demo.cats.commit(["start.sh": script], "Tell who deployed me")
        try await send("register cats")
        try await demo.waitUntilQuiet("after the registration")
        try await send("deploy cats test main")
        try await demo.waitUntilQuiet("after the first deploy")
        await demo.kill()
    }

    mutating func killDuringStart() async throws {
        try demo.launch()
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &random)))
        try await kill()
    }

    mutating func killDuringWork(environments: [String], atMostAfter limit: Duration) async throws {
        try await demo.start()
        if Int.random(in: 0..<6, using: &random) == 0 { try await push() }
        try await send(deploy(environments))
        let moment = Duration.milliseconds(Int.random(in: 0...Int(limit / .milliseconds(1)), using: &random))
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            try await Task.sleep(for: moment)
            try await kill()
        case 1:
            // Between a message's arrival and the bot's note of it.
            try await demo.waitForNews(atMost: moment)
            try await kill()
        default:
            try await Task.sleep(for: moment)
            try await killDuringCommand(environments)
        }
    }

    /// A command is on its way when the end comes: sometimes its answer gets lost.
    private mutating func killDuringCommand(_ environments: [String]) async throws {
        let text = deploy(environments)
        let trigger = nextTrigger()
        let demo = demo
        let race = Task { try? await demo.command(text, trigger: trigger) }
        try await Task.sleep(for: .microseconds(Int.random(in: 0...12_000, using: &random)))
        try await kill()
        if await race.value?.status == 200 { acknowledged.insert(trigger) } else { unanswered.insert(trigger) }
    }

    private mutating func kill() async throws {
        guard demo.isRunning else { throw TestFailure("the demo ended by itself:\n\(demo.log)") }
        await demo.kill()
        kills += 1
    }

    private mutating func deploy(_ environments: [String]) -> String {
        "deploy cats \(environments.randomElement(using: &random) ?? "test") main"
    }

    private mutating func nextTrigger() -> String {
        lines += 1
        return "trigger-\(lines)"
    }

    private mutating func send(_ text: String) async throws {
        let trigger = nextTrigger()
        let answer = try await demo.command(text, trigger: trigger)
        guard answer.status == 200, answer.text.contains("Follow it") else {
            throw TestFailure("\(text): \(answer.status) \(answer.text)")
        }
        acknowledged.insert(trigger)
    }

    private mutating func push() async throws {
        let output = try await demo.cats.commit(["site/news.txt": "\(lines)\n"], "News \(lines)")
        commits.insert(try await demo.cats.head())
        // At its start the bot looks where branches are: it may have seen the commit before the hook told of it.
        if output.contains("This was accepted before.") { return }
        guard let match = output.firstMatch(of: #/Accepted as operation (\d+)/#), let id = Int64(match.1) else {
            throw TestFailure("the hook said: \(output)")
        }
        acknowledgedPushes.insert(id)
    }

    /// All that was acknowledged is there and ended well; what was not may be there, but then whole; nothing else is.
    func checkOperations(_ records: DemoRecords) {
        let byID = Dictionary(uniqueKeysWithValues: records.operations.map { ($0.id, $0) })
        for trigger in acknowledged {
            let operation = records.operationsByKey["command:\(trigger)"].flatMap { byID[$0] }
            XCTAssertEqual(operation?.state, "succeeded", "\(trigger) was acknowledged")
        }
        for trigger in unanswered {
            guard let id = records.operationsByKey["command:\(trigger)"] else { continue }
            XCTAssertEqual(byID[id]?.state, "succeeded", "\(trigger) was not answered, but taken")
        }
        for id in acknowledgedPushes {
            XCTAssertEqual(byID[id]?.kind, "push")
            XCTAssertTrue(["succeeded", "superseded"].contains(byID[id]?.state), "push \(id)")
        }
        // Told by the hook, or seen by a look before the hook told: each commit once.
        let pushes = records.operations.filter { $0.kind == "push" }
        XCTAssertEqual(pushes.count, commits.count)
        XCTAssertEqual(Set(pushes.compactMap(\.commit)), commits)
        for push in pushes {
            guard push.state == "superseded" else { continue }
            let newer = records.operations.contains { $0.kind == "push" && $0.id > push.id }
            XCTAssertTrue(newer, "push \(push.id) was overtaken by none")
        }
        let keys = Set((acknowledged.union(unanswered)).map { "command:\($0)" })
        let commands = records.operationsByKey.filter { keys.contains($0.key) }.count
        XCTAssertEqual(records.operations.count, commands + pushes.count, "nobody asked for the rest")
    }
}
