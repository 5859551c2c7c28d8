import Foundation
import HTTP
import JSON

/// Slack's Web API over HTTP: it takes what Slack takes and refuses what Slack refuses, as 200 with `ok: false`
/// (docs.slack.dev, "Web API methods").
package struct SlackStandIn: Sendable {
    package let workspace: Workspace
    package let grant: SlackGrant
    package let faults = SlackFaults()
    package let calls = SlackCalls()
    package let signIn: SignInDesk
    private let limiter: SlackLimiter
    private let now: @Sendable () -> Date

    /// Where `response_url`s point to.
    package static let responsePath = "/responses/"
    /// Where files are sent to.
    static let uploadPath = "/upload/"
    /// Where files are read.
    static let filePath = "/files/"
    static let apiPath = "/api/"

    package init(
        workspace: Workspace, grant: SlackGrant, limits: SlackLimits = .generous,
        now: @escaping @Sendable () -> Date = { .now }
    ) {
        self.workspace = workspace
        self.grant = grant
        self.now = now
        signIn = SignInDesk(now: now)
        limiter = SlackLimiter(limits, now: now)
    }

    package init(workspace: Workspace, token: String) {
        self.init(workspace: workspace, grant: SlackGrant(token: token))
    }

    package func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if request.path.hasPrefix(Self.responsePath) {
            return await noted("response_url", try? JSON.parse(request.body)) { await respond(request) }
        }
        if request.path.hasPrefix(Self.uploadPath) {
            return await noted("upload", ["bytes": .int(request.body.count)]) { await upload(request) }
        }
        if request.path.hasPrefix(Self.filePath) { return await download(request) }
        if request.path == Self.authorizePath { return await authorize(request) }
        guard request.path.hasPrefix(Self.apiPath) else { return .text(404, "Not found\n") }
        let name = String(request.path.dropFirst(Self.apiPath.count))
        let time = now()
        let method = SlackMethod(rawValue: name)
        let arguments: SlackArguments
        do {
            arguments = try SlackArguments(request, takesJSON: method?.takesJSON ?? true)
        } catch {
            calls.note(SlackCall(method: name, arguments: [:], time: time, outcome: error.code))
            return json(error.answer)
        }
        let told = arguments.values.filter { !["token", "client_secret"].contains($0.key) }
        return await noted(name, .object(told), at: time) {
            await perform(method, arguments, request)
        }
    }

    /// Answers, as the next fault wants it, and writes the call down.
    /// - Parameter name: the method; `response_url` and `upload` are calls, too.
    private func noted(
        _ name: String, _ arguments: JSON?, at time: Date? = nil, _ call: () async -> (HTTPResponse, String)
    ) async -> HTTPResponse {
        let (answer, outcome) = await spoiled(name, arguments ?? [:], call)
        calls.note(SlackCall(method: name, arguments: arguments ?? [:], time: time ?? now(), outcome: outcome))
        return answer
    }

    /// Does what the next fault says around the call.
    private func spoiled(
        _ name: String, _ arguments: JSON, _ call: () async -> (HTTPResponse, String)
    ) async -> (HTTPResponse, String) {
        switch faults.take(name, arguments) {
        case nil: return await call()
        case .status(let status, let seconds):
            return (Self.refused(status, retryAfterSeconds: seconds ?? (status == 429 ? 1 : nil)), "\(status)")
        case .refuse(let code): return (json(SlackRefusal(code).answer), code)
        case .cut: return (SlackFaults.brokenAnswer, "cut")
        case .dropAnswer: return (SlackFaults.brokenAnswer, await call().1)
        case .badGateway: return (.text(502, "Bad gateway\n"), await call().1)
        case .hang:
            await faults.hang()
            return (SlackFaults.brokenAnswer, "cut")
        case .hangAfterwards:
            let outcome = await call().1
            await faults.hang()
            return (SlackFaults.brokenAnswer, outcome)
        case .delay(let time):
            try? await Task.sleep(for: time)
            return await call()
        }
    }

    private func perform(
        _ method: SlackMethod?, _ arguments: SlackArguments, _ request: HTTPRequest
    ) async -> (HTTPResponse, String) {
        do {
            guard let method else { throw SlackRefusal("unknown_method") }
            if method.needsToken { try grant.check(try Self.token(request, arguments)) }
            let channel = method == .postMessage ? await limitedChannel(try arguments.string("channel")) : nil
            if let seconds = limiter.refuse(method, channel: channel) {
                return (Self.refused(429, retryAfterSeconds: seconds), "429")
            }
            if let scope = method.scope { try grant.require(scope) }
            var answer = try await perform(method, arguments, host: request.headers["Host"] ?? "")
            answer["ok"] = true
            if let warning = arguments.warning {
                answer["warning"] = .string(warning)
                answer["response_metadata"] = Self.warned(answer["response_metadata"], warning)
            }
            return (json(answer), "ok")
        } catch let refusal as SlackRefusal {
            return (json(refusal.answer), refusal.code)
        } catch {
            return (json(SlackRefusal("internal_error").answer), "internal_error")
        }
    }

    private func perform(_ method: SlackMethod, _ arguments: SlackArguments, host: String) async throws -> JSON {
        switch method {
        case .testAuth: testAuth(host)
        case .postMessage: try await postMessage(arguments)
        case .updateMessage: try await updateMessage(arguments)
        case .deleteMessage: try await deleteMessage(arguments)
        case .postEphemeral: try await postEphemeral(arguments)
        case .listChannels: try await listChannels(arguments)
        case .channelInfo: try await channelInfo(arguments)
        case .history: try await history(arguments)
        case .replies: try await replies(arguments)
        case .openChannel: try await openChannel(arguments)
        case .openView: try await openView(arguments)
        case .pushView: try await pushView(arguments)
        case .updateView: try await updateView(arguments)
        case .publishView: try await publishView(arguments)
        case .uploadURL: try await uploadURL(arguments, host: host)
        case .completeUpload: try await completeUpload(arguments, host: host)
        case .listGroups: try await listGroups(arguments)
        case .listGroupMembers: try await listGroupMembers(arguments)
        case .userInfo: try await userInfo(arguments)
        case .exchangeCode: try await exchangeCode(arguments)
        }
    }

    private func testAuth(_ host: String) -> JSON {
        [
            "url": .string("http://\(host)/"), "team": .string(Workspace.teamName), "user": "iterapp",
            "team_id": .string(Workspace.teamID), "user_id": .string(Workspace.botID),
            "bot_id": .string(Workspace.botProfileID), "is_enterprise_install": false,
        ]
    }
}

extension SlackStandIn {
    /// A channel has one limit, whichever of its names is used.
    private func limitedChannel(_ name: String?) async -> String? {
        guard let name else { return nil }
        return (try? await place(toPost: name).id) ?? name
    }

    /// Sent as a header field or as an argument; never inside of JSON.
    static func token(_ request: HTTPRequest, _ arguments: SlackArguments) throws -> String? {
        if let header = request.headers["Authorization"] {
            return header.hasPrefix("Bearer ") ? String(header.dropFirst("Bearer ".count)) : ""
        }
        let isJSON = request.headers["Content-Type"]?.hasPrefix("application/json") ?? false
        return isJSON ? nil : try arguments.string("token")
    }

    private func json(_ answer: JSON) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "application/json; charset=utf-8",
                "X-OAuth-Scopes": grant.scopes.sorted().joined(separator: ","),
            ], body: .bytes(answer.bytes))
    }

    private static func refused(_ status: Int, retryAfterSeconds: Int?) -> HTTPResponse {
        var answer: HTTPResponse = .text(status, "Slack can't do this now.\n")
        if status == 429 {
            answer = HTTPResponse(
                status: status, headers: ["Content-Type": "application/json; charset=utf-8"],
                body: .bytes(SlackRefusal("ratelimited").answer.bytes))
        }
        if let retryAfterSeconds { answer.headers["Retry-After"] = String(retryAfterSeconds) }
        return answer
    }

    private static func warned(_ metadata: JSON?, _ warning: String) -> JSON {
        var metadata = metadata ?? [:]
        metadata["warnings"] = [.string(warning)]
        return metadata
    }
}
