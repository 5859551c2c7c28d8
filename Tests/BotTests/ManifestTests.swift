import Deploys
import Foundation
import HTTP
import JSON
import XCTest

@testable import Bot

/// What `slack-manifest.json` asks Slack for is what the bot uses, no more and no less.
final class ManifestTests: XCTestCase {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func manifest() throws -> JSON {
        try JSON.parse(try Data(contentsOf: Self.root.appending(path: "slack-manifest.json")))
    }

    /// The scope that each method needs for public channels (docs.slack.dev, "Web API methods").
    private static let scopes = [
        "chat.postMessage": "chat:write", "chat.update": "chat:write", "conversations.list": "channels:read",
        "conversations.history": "channels:history", "conversations.replies": "channels:history",
    ]

    func testTheScopesAreThoseOfTheMethodsThatAreCalled() throws {
        var called: Set<String> = []
        let folder = Self.root.appending(path: "Sources/Slack")
        for case let name as String in FileManager.default.enumerator(atPath: folder.path) ?? .init() {
            guard name.hasSuffix(".swift") else { continue }
            for line in try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n") {
                if line.contains("//") { continue }
                for match in line.matches(of: #/"((?:chat|conversations|users|reactions|views)\.[a-zA-Z]+)"/#) {
                    called.insert(String(match.1))
                }
            }
        }
        XCTAssertEqual(called, Set(Self.scopes.keys), "the table above lists what Sources/Slack calls")
        let asked = try manifest().at("oauth_config", "scopes", "bot")?.array?.compactMap(\.string) ?? []
        XCTAssertEqual(Set(asked), Set(Self.scopes.values).union(["commands"]))
        XCTAssertEqual(asked.count, Set(asked).count)
    }

    func testTheCommandAndTheURLsAreAnswered() async throws {
        let manifest = try manifest()
        let command = try XCTUnwrap(manifest.at("features", "slash_commands")?[0])
        XCTAssertEqual(command["command"], "/iterapp")
        XCTAssertEqual(Verb.allCases.count { $0.usage.hasPrefix("/iterapp ") }, Verb.allCases.count)
        let urls = [command["url"], manifest.at("settings", "interactivity", "request_url")].map { $0?.string ?? "" }
        let paths = urls.map { URL(string: $0)?.path() ?? "" }
        XCTAssertEqual(paths, ["/slack/commands", "/slack/interactions"])
        XCTAssertEqual(manifest.at("settings", "interactivity", "is_enabled"), true)
        try await BotBench.with { bench in
            let parts = try await ServiceParts(try bench.settings(), log: .silent)
            for path in paths {
                let answer = await Routes(parts: parts, state: ServiceState()).answer(
                    HTTPRequest(method: "POST", target: path, headers: [:], body: [], peer: ""))
                XCTAssertEqual(answer.status, 401, "\(path) is there, and wants a signature")
            }
            await parts.close()
        }
    }

    /// docs.slack.dev, "App manifest reference".
    func testItKeepsToTheLimits() throws {
        let manifest = try manifest()
        XCTAssertLessThanOrEqual(manifest.at("display_information", "name")?.string?.count ?? 99, 35)
        XCTAssertLessThanOrEqual(manifest.at("features", "bot_user", "display_name")?.string?.count ?? 99, 80)
        let usage = try XCTUnwrap(manifest.at("features", "slash_commands")?[0]?["usage_hint"]?.string)
        XCTAssertTrue(Verb.allCases.contains { $0.usage == "/iterapp " + usage }, usage)
    }
}
