import HTTP
import JSON

/// The three URLs that Slack calls. Each verifies the signature, then parses, then hands over to the domain, and
/// answers within Slack's three seconds; what takes longer follows on another way.
package struct SlackRoutes: Sendable {
    let parts: SlackParts
    private let commands: SlashCommandRoute
    private let events: EventsRoute
    private let interactions: InteractionsRoute

    package init(_ parts: SlackParts) {
        self.parts = parts
        commands = SlashCommandRoute(parts: parts)
        let home = HomeTab(info: parts.info, answers: parts.answers, log: parts.log)
        events = EventsRoute(parts: parts, home: home)
        interactions = InteractionsRoute(parts: parts, home: home)
    }

    package var tally: RequestTally { parts.tally }

    /// Slack's own requests stay far below it. A megabyte of text, each byte of it percent-encoded, still fits, so
    /// that its sender reads a sentence and not a bare 413.
    package static let maxBodyBytes = 4 << 20

    private static let form = "application/x-www-form-urlencoded"
    private static let json = "application/json"

    /// Nil for a path that is not Slack's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        switch request.path {
        case "/slack/commands": await verified(request, Self.form) { await commands.answer($0) }
        case "/slack/interactions": await verified(request, Self.form) { await interactions.answer($0) }
        case "/slack/events": await verified(request, Self.json) { await events.answer($0) }
        default: nil
        }
    }

    /// Takes a command whose answer needs nothing but the disk; nil for every other request, about which nothing was
    /// done.
    package func takeAtOnce(_ request: HTTPRequest, _ reply: HTTPReply) -> HTTPPromise? {
        guard request.target == "/slack/commands", request.method == "POST",
            parts.signature.holds(for: request, at: parts.now()), Self.isNamed(Self.form, in: request)
        else { return nil }
        return commands.takeAtOnce(request, reply)
    }

    /// Returns when every answer that was promised is on its way, or given up.
    package func waitForAnswers() async { await parts.after.waitForEnd() }

    private func verified(
        _ request: HTTPRequest, _ mediaType: String, _ route: (HTTPRequest) async -> HTTPResponse
    ) async -> HTTPResponse {
        guard request.method == "POST" else {
            var refusal = HTTPResponse.text(405, "Only POST is answered here.\n")
            refusal.headers["Allow"] = "POST"
            return refusal
        }
        guard parts.signature.holds(for: request, at: parts.now()) else {
            return .text(401, "The request's signature or timestamp does not hold.\n")
        }
        guard Self.isNamed(mediaType, in: request) else { return .text(415, "Only \(mediaType) is read here.\n") }
        return parts.masked(await route(request))
    }

    /// Also when the request does not say what it is.
    private static func isNamed(_ mediaType: String, in request: HTTPRequest) -> Bool {
        guard let named = request.headers["Content-Type"], named != mediaType else { return true }
        return named.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased() == mediaType
    }
}

extension HTTPRequest {
    /// The same for a request that is sent again as it is, and for no other.
    var signatureKey: String { "signed:" + (headers["X-Slack-Signature"] ?? "") }
}

extension HTTPResponse {
    static var nothing: HTTPResponse { .text(200, "") }
}
