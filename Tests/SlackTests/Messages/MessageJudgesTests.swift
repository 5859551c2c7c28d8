import Deploys
import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox
@testable import Slack

/// Everything that we send to Slack, judged by the stand-in for Slack and by the models of Slack's own client.
final class MessageJudgesTests: XCTestCase {
    /// Each kind as it is, and the worst of each.
    private static let all: [(name: String, json: JSON)] = {
        let worst = WorstCaseTests.all.filter { $0.name == "long mark-up" || $0.name == "long emoji" }
            .map { WorstCaseTests.samples($0.text) }
        return ([Samples()] + worst).flatMap(MessageGoldenTests.all) + worst.flatMap(\.most)
    }()

    func testTheStandInTakesThem() {
        for (name, json) in Self.all {
            switch json["type"]?.string {
            case "modal": XCTAssertNoThrow(try ViewRules.modal(json), name)
            case "home": XCTAssertNoThrow(try ViewRules.home(json), name)
            default: XCTAssertNoThrow(try BlockRules.check(json["blocks"]?.array ?? [], on: .message), name)
            }
        }
    }

    /// The script is the one that judges the stand-in itself.
    func testSlacksOwnClientTakesThem() async throws {
        guard let python = TestTools.python else { throw XCTSkip(TestTools.absence) }
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../SandboxTests/Fixtures/slack/models.py").standardized.path
        let all = Self.all
        let views = all.filter { $0.json["type"] != nil }
        let blocks = all.filter { $0.json["type"] == nil }.flatMap { one in
            (one.json["blocks"]?.array ?? []).map { (name: one.name, json: $0) }
        }
        var run = ProgramRun(python, ["-B", script], timeLimit: .seconds(60))
        run.inheritsEnvironment = false
        run.input = JSON.object(["blocks": .array(blocks.map(\.json)), "views": .array(views.map(\.json))]).bytes
        let result = try await run.run()
        let errors = String(decoding: result.errorOutput, as: UTF8.self)
        // The script's own way to say that the client is not installed.
        if result.exitCode == 77 { throw XCTSkip(TestTools.absence) }
        XCTAssertEqual(result.exitCode, 0, errors)
        let said = try JSON.parse(result.output)
        for (kind, given) in [("blocks", blocks), ("views", views)] {
            let verdicts = said[kind]?.array ?? []
            XCTAssertEqual(verdicts.count, given.count)
            for (one, verdict) in zip(given, verdicts) where !verdict.isNull {
                XCTFail("\(one.name): \(verdict.text): \(one.json.text.prefix(500))")
            }
        }
    }
}
