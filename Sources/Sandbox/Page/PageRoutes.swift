import Foundation
import HTTP
import JSON

/// The demo's page: a channel that updates by itself, and a command line.
struct PageRoutes: Sendable {
    let workspace: Workspace
    let caller: SlackCaller

    static let maxBodyBytes = 1 << 20
    static let heartbeat = Duration.seconds(15)

    /// Nil for a path that is not the page's.
    func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        switch (request.method, request.path) {
        case ("GET", "/"), ("HEAD", "/"): return asset(PageHTML.text, "text/html; charset=utf-8")
        case ("GET", "/demo/style.css"): return asset(PageStyle.text, "text/css; charset=utf-8")
        case ("GET", "/demo/script.js"):
            return asset(PageScript.text + PageFormatting.text, "text/javascript; charset=utf-8")
        case ("GET", "/demo/messages"): return await messages()
        case ("GET", "/demo/events"): return await events()
        case ("POST", "/demo/commands"): return await command(request)
        case ("POST", "/demo/actions"): return await action(request)
        default: return nil
        }
    }

    private func asset(_ text: String, _ type: String) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": type, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
            ], body: .bytes(Array(text.utf8)))
    }

    private func messages() async -> HTTPResponse {
        guard let messages = try? await workspace.shown() else {
            return .text(500, "The demo's messages can't be read.\n")
        }
        return json(.array(messages.map(\.json)))
    }

    /// Server-sent events (WHATWG HTML, section 9.2): one per new or changed message.
    private func events() async -> HTTPResponse {
        let changes = await workspace.changes()
        let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        let pump = Task {
            for await event in changes {
                switch event {
                case .message(let message) where message.channel == Workspace.channelID:
                    continuation.yield(Array("data: \(message.json.text)\n\n".utf8))
                case .ephemeral(let ephemeral) where ephemeral.user == Workspace.memberID:
                    continuation.yield(Array("event: ephemeral\ndata: \(ephemeral.json.text)\n\n".utf8))
                default: break
                }
            }
        }
        let beat = Task {
            while !Task.isCancelled {
                continuation.yield(Array(": still here\n\n".utf8))
                try await Task.sleep(for: Self.heartbeat)
            }
        }
        continuation.onTermination = { _ in
            pump.cancel()
            beat.cancel()
        }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store"],
            body: .stream(stream))
    }

    private func command(_ request: HTTPRequest) async -> HTTPResponse {
        guard let line = body(request)?["text"]?.string else { return .text(400, "A JSON object with text, please.\n") }
        guard line.hasPrefix("/") else {
            // Not a command: somebody talks to the channel.
            _ = try? await workspace.post(user: Workspace.memberID, text: escaped(line))
            return json(["text": ""])
        }
        guard line == "/iterapp" || line.hasPrefix("/iterapp ") else {
            let word = line.prefix { $0 != " " }
            return json(["text": .string("`\(escaped(String(word)))` is no command here. Try `/iterapp help`.")])
        }
        // What the bot answers comes with the events.
        let answer = try? await caller.command(line)
        return json(["text": .string(answer?.failure ?? "")])
    }

    private func action(_ request: HTTPRequest) async -> HTTPResponse {
        guard let press = body(request), let action = press["action_id"]?.string,
            let value = press["value"]?.string, let timestamp = press["message_ts"]?.string
        else { return .text(400, "A JSON object with action_id, value and message_ts, please.\n") }
        let place = SlackPlace.message(channel: Workspace.channelID, timestamp: timestamp)
        let answer = try? await caller.press(Press(action, on: place, value: value))
        return json(["text": .string(answer?.failure ?? "")])
    }

    /// Only JSON is taken: other sites' pages can't send that here without being asked first (Fetch, "CORS protocol").
    private func body(_ request: HTTPRequest) -> JSON? {
        guard request.headers["Content-Type"]?.hasPrefix("application/json") == true else { return nil }
        return try? JSON.parse(request.body)
    }

    private func json(_ value: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
            body: .bytes(value.bytes))
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
