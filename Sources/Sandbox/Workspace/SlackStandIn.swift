import Foundation
import HTTP
import JSON

/// Slack's Web API for one channel, over HTTP: it takes what Slack takes and refuses what Slack refuses, as 200 with
/// `ok: false` (docs.slack.dev, "Web API methods").
struct SlackStandIn: Sendable {
    let workspace: Workspace
    let token: String

    static let maxTextCharacters = 40_000
    static let maxMetadataBytes = 16 << 10
    /// Where `response_url`s point to.
    static let responsePath = "/responses/"

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if request.path.hasPrefix(Self.responsePath) { return await response(request) }
        guard request.path.hasPrefix("/api/") else { return .text(404, "Not found\n") }
        let answer: JSON
        do {
            answer = try await perform(String(request.path.dropFirst("/api/".count)), request)
        } catch let refusal as SlackRefusal {
            answer = refusal.answer
        } catch {
            answer = SlackRefusal("internal_error").answer
        }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8"], body: .bytes(answer.bytes))
    }

    private func response(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.method == "POST", let text = (try? JSON.parse(request.body))?["text"]?.string else {
            return .text(400, "invalid_payload\n")
        }
        await workspace.tellMember(text)
        return .text(200, "ok")
    }

    private func perform(_ method: String, _ request: HTTPRequest) async throws -> JSON {
        guard let header = request.headers["Authorization"] else { throw SlackRefusal("not_authed") }
        guard header == "Bearer \(token)" else { throw SlackRefusal("invalid_auth") }
        switch method {
        case "auth.test":
            return ["ok": true, "user_id": .string(Workspace.botID), "user": "iterapp", "team_id": "T0ITERAPP1"]
        case "chat.postMessage": return try await post(try arguments(request))
        case "chat.update": return try await update(try arguments(request))
        case "conversations.list": return channels()
        case "conversations.history": return try await history(query(request))
        case "conversations.replies": return try await replies(query(request))
        default: throw SlackRefusal("unknown_method")
        }
    }

    private func post(_ arguments: JSON) async throws -> JSON {
        let content = try content(arguments)
        try channel(arguments["channel"]?.string, byName: true)
        let thread = arguments["thread_ts"]?.string
        if let thread, try await workspace.message(thread) == nil { throw SlackRefusal("thread_not_found") }
        let message = try await workspace.post(
            user: Workspace.botID, text: content.text, blocks: content.blocks, metadata: content.metadata,
            thread: thread)
        return [
            "ok": true, "channel": .string(Workspace.channelID), "ts": .string(message.timestamp),
            "message": message.json(withMetadata: false),
        ]
    }

    private func update(_ arguments: JSON) async throws -> JSON {
        let content = try content(arguments)
        // Unlike posting, editing takes the channel's id only.
        try channel(arguments["channel"]?.string, byName: false)
        guard let timestamp = arguments["ts"]?.string, let old = try await workspace.message(timestamp) else {
            throw SlackRefusal("message_not_found")
        }
        guard old.user == Workspace.botID else { throw SlackRefusal("cant_update_message") }
        _ = try await workspace.edit(timestamp, text: content.text, blocks: content.blocks)
        return [
            "ok": true, "channel": .string(Workspace.channelID), "ts": .string(timestamp),
            "text": .string(content.text),
        ]
    }

    private func channels() -> JSON {
        [
            "ok": true,
            "channels": [
                [
                    "id": .string(Workspace.channelID), "name": .string(Workspace.channelName), "is_channel": true,
                    "is_member": true, "is_archived": false,
                ]
            ],
            "response_metadata": ["next_cursor": ""],
        ]
    }

    private func history(_ query: [String: String]) async throws -> JSON {
        try channel(query["channel"], byName: false)
        let messages = try await workspace.history(limit: limit(query))
        return listing(messages, query)
    }

    private func replies(_ query: [String: String]) async throws -> JSON {
        try channel(query["channel"], byName: false)
        guard let timestamp = query["ts"], try await workspace.message(timestamp) != nil else {
            throw SlackRefusal("thread_not_found")
        }
        return listing(try await workspace.replies(to: timestamp, limit: limit(query)), query)
    }

    private func listing(_ messages: [ChatMessage], _ query: [String: String]) -> JSON {
        let withMetadata = query["include_all_metadata"] == "true" || query["include_all_metadata"] == "1"
        return ["ok": true, "messages": .array(messages.map { $0.json(withMetadata: withMetadata) }), "has_more": false]
    }

    private func limit(_ query: [String: String]) -> Int {
        min(max(query["limit"].flatMap(Int.init) ?? 100, 1), 999)
    }
}

extension SlackStandIn {
    private struct Content {
        let text: String
        let blocks: [JSON]
        let metadata: JSON?
    }

    private func content(_ arguments: JSON) throws -> Content {
        let text = arguments["text"]?.string ?? ""
        let blocks = arguments["blocks"]?.array ?? []
        if text.isEmpty && blocks.isEmpty { throw SlackRefusal("no_text") }
        if text.count > Self.maxTextCharacters { throw SlackRefusal("msg_too_long") }
        if let problem = BlockRules.problem(blocks) { throw SlackRefusal("invalid_blocks", problem) }
        let metadata = arguments["metadata"]
        if let metadata {
            guard metadata["event_type"]?.string != nil, metadata["event_payload"]?.object != nil,
                metadata.bytes.count <= Self.maxMetadataBytes
            else { throw SlackRefusal("invalid_metadata_format") }
        }
        return Content(text: text, blocks: blocks, metadata: metadata)
    }

    private func channel(_ channel: String?, byName: Bool) throws {
        guard channel == Workspace.channelID || byName && channel == "#\(Workspace.channelName)" else {
            throw SlackRefusal("channel_not_found")
        }
    }

    private func arguments(_ request: HTTPRequest) throws -> JSON {
        guard request.headers["Content-Type"]?.hasPrefix("application/json") == true else {
            throw SlackRefusal("invalid_post_type")
        }
        guard let arguments = try? JSON.parse(request.body), arguments.object != nil else {
            throw SlackRefusal("invalid_json")
        }
        return arguments
    }

    private func query(_ request: HTTPRequest) -> [String: String] {
        let items = URLComponents(string: request.target)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }
}

struct SlackRefusal: Error {
    let code: String
    let detail: String?

    init(_ code: String, _ detail: String? = nil) {
        self.code = code
        self.detail = detail
    }

    var answer: JSON {
        var answer: JSON = ["ok": false, "error": .string(code)]
        if let detail { answer["errors"] = [.string(detail)] }
        return answer
    }
}
