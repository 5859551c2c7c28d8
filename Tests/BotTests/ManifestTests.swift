import Deploys
import Foundation
import HTTP
import JSON
import Slack
import XCTest

@testable import Bot

/// What `slack-manifest.json` asks Slack for is what the bot uses, no more and no less.
final class ManifestTests: XCTestCase {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func manifest() throws -> JSON {
        try JSON.parse(try Data(contentsOf: Self.root.appending(path: "slack-manifest.json")))
    }

    /// The scopes that methods need, in public and in private channels (docs.slack.dev, "Web API methods"). Those of
    /// which we have no use are here for the day when we have.
    private static let scopesOfMethods: [String: Set<String>] = [
        "auth.test": [], "openid.connect.token": [], "views.open": [], "views.push": [], "views.update": [], "views.publish": [],
        "chat.postMessage": ["chat:write"], "chat.postEphemeral": ["chat:write"], "chat.update": ["chat:write"],
        "chat.delete": ["chat:write"], "chat.getPermalink": [],
        "conversations.list": ["channels:read", "groups:read"],
        "conversations.info": ["channels:read", "groups:read"],
        "conversations.members": ["channels:read", "groups:read"],
        "conversations.history": ["channels:history", "groups:history"],
        "conversations.replies": ["channels:history", "groups:history"],
        "conversations.join": ["channels:join"], "conversations.open": ["im:write"],
        "files.getUploadURLExternal": ["files:write"], "files.completeUploadExternal": ["files:write"],
        "files.info": ["files:read"], "files.delete": ["files:write"],
        "usergroups.list": ["usergroups:read"], "usergroups.users.list": ["usergroups:read"],
        "users.info": ["users:read"], "users.list": ["users:read"], "users.conversations": ["channels:read", "groups:read"],
        "reactions.add": ["reactions:write"], "pins.add": ["pins:write"], "bookmarks.add": ["bookmarks:write"],
    ]

    /// The scope, one of which an event needs (docs.slack.dev, "Events").
    private static let scopesOfEvents: [String: Set<String>] = [
        "app_mention": ["app_mentions:read"], "message.im": ["im:history"], "app_home_opened": [],
        "channel_rename": ["channels:read"], "channel_archive": ["channels:read"], "channel_unarchive": ["channels:read"],
        "group_rename": ["groups:read"], "group_archive": ["groups:read"], "group_unarchive": ["groups:read"],
        "channel_left": ["channels:read"], "group_left": ["groups:read"],
        "member_joined_channel": ["channels:read", "groups:read"], "tokens_revoked": [], "app_uninstalled": [],
        "subteam_members_changed": ["usergroups:read"], "subteam_updated": ["usergroups:read"],
        "user_change": ["users:read"],
    ]

    /// Of people, for signing in: what is asked for when they do.
    func testPeopleAreAskedForNoMoreThanWhoTheyAre() async throws {
        let manifest = try manifest()
        XCTAssertEqual(words(manifest.at("oauth_config", "scopes", "user")), SlackSignIn.scopes)
        let redirects = words(manifest.at("oauth_config", "redirect_urls"))
        try await BotBench.with { bench in
            let settings = try bench.settings([
                "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "a secret of the app",
                "ITERAPP_PUBLIC_URL": "https://iterapp.example.com/",
            ])
            let parts = try await ServiceParts(settings, log: .silent)
            let begun = await Routes(parts: parts, state: ServiceState()).answer(
                HTTPRequest(method: "GET", target: "/slack/sign-in", headers: [:], body: [], peer: ""))
            let address = try XCTUnwrap(begun.headers["Location"].flatMap(URLComponents.init(string:)))
            let asked = Dictionary((address.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
            XCTAssertEqual([asked["redirect_uri"]], redirects, "Slack sends people nowhere else")
            XCTAssertEqual(asked["scope"], SlackSignIn.scopes.joined(separator: " "))
            XCTAssertTrue(begun.headers["Set-Cookie"]?.hasSuffix("; Secure") ?? false)
            let back = await Routes(parts: parts, state: ServiceState()).answer(
                HTTPRequest(method: "GET", target: "/slack/sign-in/callback", headers: [:], body: [], peer: ""))
            XCTAssertEqual(back.status, 400, "it is there, and wants to have been begun")
            await parts.close()
        }
    }

    /// Every string of Sources/Slack that is a method's name.
    private func calledMethods() throws -> Set<String> {
        let families = Set(Self.scopesOfMethods.keys.map { $0.prefix { $0 != "." } }).union(["oauth", "team", "im"])
        var called: Set<String> = []
        let folder = Self.root.appending(path: "Sources/Slack")
        for case let name as String in FileManager.default.enumerator(atPath: folder.path) ?? .init() {
            guard name.hasSuffix(".swift") else { continue }
            for line in try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n") {
                guard !line.drop(while: \.isWhitespace).hasPrefix("//") else { continue }
                for match in line.matches(of: #/"([a-z]+)((?:\.[a-zA-Z]+)+)"/#) where families.contains(match.1) {
                    called.insert(String(match.1 + match.2))
                }
            }
        }
        return called
    }

    private func words(_ json: JSON?) -> [String] { json?.array?.compactMap(\.string) ?? [] }

    func testTheScopesAreThoseOfWhatIsUsed() throws {
        let manifest = try manifest()
        // An event's name looks like a method's.
        let called = try calledMethods().subtracting(EventsRoute.eventTypes)
        XCTAssertTrue(called.isSuperset(of: ["chat.postMessage", "chat.update", "auth.test"]), "\(called)")
        var needed: Set<String> = ["commands"]
        for method in called {
            needed.formUnion(try XCTUnwrap(Self.scopesOfMethods[method], "write down which scopes \(method) needs"))
        }
        for event in EventsRoute.eventTypes {
            needed.formUnion(try XCTUnwrap(Self.scopesOfEvents[event], "write down which scopes \(event) needs"))
        }
        let asked = words(manifest.at("oauth_config", "scopes", "bot"))
        XCTAssertEqual(asked, needed.sorted())
    }

    func testTheEventsAreThoseThatAreAnswered() throws {
        let manifest = try manifest()
        XCTAssertEqual(
            words(manifest.at("settings", "event_subscriptions", "bot_events")), EventsRoute.eventTypes.sorted())
        let home = try XCTUnwrap(manifest.at("features", "app_home"))
        XCTAssertEqual(home["home_tab_enabled"]?.bool, EventsRoute.eventTypes.contains("app_home_opened"))
        XCTAssertEqual(home["home_tab_enabled"]?.bool, try calledMethods().contains("views.publish"))
        XCTAssertEqual(home["messages_tab_enabled"]?.bool, EventsRoute.eventTypes.contains("message.im"))
        XCTAssertEqual(home["messages_tab_read_only_enabled"], false, "people write there")
    }

    func testTheCommandAndTheURLsAreAnswered() async throws {
        let manifest = try manifest()
        let commands = try XCTUnwrap(manifest.at("features", "slash_commands")?.array)
        XCTAssertEqual(commands.compactMap { $0["command"]?.string }, ["/iterapp"])
        for verb in Verb.allCases { XCTAssertTrue(verb.usage.hasPrefix("/iterapp "), verb.usage) }
        let urls = [
            commands[0]["url"], manifest.at("settings", "interactivity", "request_url"),
            manifest.at("settings", "event_subscriptions", "request_url"),
        ].map { $0?.string ?? "" }
        let paths = urls.map { URL(string: $0)?.path() ?? "" }
        XCTAssertEqual(paths, ["/slack/commands", "/slack/interactions", "/slack/events"])
        XCTAssertEqual(Set(urls.map { URL(string: $0)?.host() ?? "" }).count, 1, "one host, to be replaced everywhere")
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

    /// Nothing stands in the manifest that this test does not know: a feature that is switched on is one that works.
    func testNothingElseIsAskedFor() throws {
        let manifest = try manifest()
        XCTAssertEqual(names(manifest["features"]), ["app_home", "bot_user", "slash_commands"])
        XCTAssertEqual(names(manifest["oauth_config"]), ["redirect_urls", "scopes"])
        XCTAssertEqual(names(manifest.at("oauth_config", "scopes")), ["bot", "user"])
        XCTAssertEqual(
            names(manifest["settings"]),
            [
                "event_subscriptions", "interactivity", "org_deploy_enabled", "socket_mode_enabled",
                "token_rotation_enabled",
            ])
        XCTAssertEqual(names(manifest.at("settings", "event_subscriptions")), ["bot_events", "request_url"])
        for feature in ["org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"] {
            XCTAssertEqual(manifest.at("settings", feature), false, feature)
        }
    }

    private func names(_ json: JSON?) -> [String] { (json?.object ?? [:]).keys.sorted() }

    /// docs.slack.dev, "App manifest reference".
    func testItKeepsToTheLimits() throws {
        let manifest = try manifest()
        XCTAssertLessThanOrEqual(manifest.at("display_information", "name")?.string?.count ?? 99, 35)
        XCTAssertLessThanOrEqual(manifest.at("display_information", "description")?.string?.count ?? 999, 140)
        XCTAssertLessThanOrEqual(manifest.at("features", "bot_user", "display_name")?.string?.count ?? 99, 80)
        let usage = try XCTUnwrap(manifest.at("features", "slash_commands")?[0]?["usage_hint"]?.string)
        XCTAssertTrue(Verb.allCases.contains { $0.usage == "/iterapp " + usage }, usage)
    }
}
