import Crypto
import Foundation
import HTTP
import JSON

/// Calls the bot as Slack would: signed, at its public URLs; and shows its answers as Slack's client would.
package struct SlackCaller: Sendable {
    let workspace: Workspace
    let client: HTTPClient
    /// The bot's, without a slash at its end.
    let botURL: String
    let signingSecret: String
    /// The base of `response_url`s, with a slash at its end.
    let responseBaseURL: String
    let now: @Sendable () -> Date
    /// What the app may hear of; nil asks nobody.
    package var grant: SlackGrant?
    /// Names of the events that it asked for (its manifest's `bot_events`); nil means all.
    package var subscriptions: Set<String>?
    /// How long Slack waits before it tells an event again (docs.slack.dev, "The Events API", "Retries").
    package static let realRetryDelays: [Duration] = [.zero, .seconds(60), .seconds(300)]
    package var retryDelays = SlackCaller.realRetryDelays
    /// Slack waits this long for an answer (docs.slack.dev, "Implementing slash commands").
    package var timeout = Duration.seconds(3)

    package init(
        workspace: Workspace, client: HTTPClient, botURL: String, signingSecret: String, responseBaseURL: String,
        now: @escaping @Sendable () -> Date
    ) {
        self.workspace = workspace
        self.client = client
        self.botURL = botURL
        self.signingSecret = signingSecret
        self.responseBaseURL = responseBaseURL
        self.now = now
    }

    /// Somebody types a slash command. What the bot answers is shown in the workspace.
    /// - Parameter line: what was typed: `/iterapp deploy …`.
    @discardableResult
    package func command(
        _ line: String, by member: String = Workspace.memberID, in channel: String = Workspace.channelID
    ) async throws -> BotAnswer {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        let place = try await workspace.channel(channel)
        var answer = await post("/slack/commands", form: [
            ("token", "unused"), ("team_id", Workspace.teamID), ("team_domain", Workspace.teamDomain),
            ("channel_id", channel), ("channel_name", Self.name(place)),
            ("user_id", member), ("user_name", try await name(of: member)),
            ("command", String(words.first ?? "")), ("text", words.count > 1 ? String(words[1]) : ""),
            ("api_app_id", Workspace.appID), ("is_enterprise_install", "false"),
            ("response_url", await responseURL(member, channel, thread: nil, original: nil)),
            ("trigger_id", await workspace.newTrigger(for: member)),
        ])
        guard answer.isSuccess else { return answer }
        if let message = answer.json, message.object != nil {
            do {
                try await workspace.show(message, to: member, in: channel, thread: nil)
            } catch let refusal as SlackRefusal {
                answer.problem = "invalid_command_response: \(refusal.answer.text)"
            }
        } else if !answer.body.isEmpty {
            await workspace.whisper(to: member, in: channel, text: answer.text)
        }
        return answer
    }

    /// Slack's own check of a command's URL.
    package func sslCheck() async -> BotAnswer {
        await post("/slack/commands", form: [("token", "unused"), ("ssl_check", "1")])
    }

    func responseURL(
        _ member: String, _ channel: String, thread: String?, original: SlackPlace?
    ) async -> String {
        responseBaseURL + (await workspace.newResponseURL(for: member, in: channel, thread: thread, original: original))
    }

    /// What payloads call a channel: direct ones have no name of their own, private ones keep it to themselves.
    static func name(_ channel: ChatChannel?) -> String {
        switch channel?.kind {
        case .direct: "directmessage"
        case .closed: "privategroup"
        case .open, nil: channel?.name ?? ""
        }
    }
}

extension SlackCaller {
    func post(_ path: String, form fields: [(String, String)]) async -> BotAnswer {
        let pairs = fields.map { "\(FormEncoding.encoded($0.0))=\(FormEncoding.encoded($0.1))" }
        return await post(path, "application/x-www-form-urlencoded", Array(pairs.joined(separator: "&").utf8))
    }

    /// Signs and posts a body (docs.slack.dev, "Verifying requests from Slack").
    func post(_ path: String, _ type: String, _ body: [UInt8], headers: HTTPHeaders = [:]) async -> BotAnswer {
        let timestamp = String(Int64(now().timeIntervalSince1970))
        let signature = HMACKey(Array(signingSecret.utf8)).authenticate(Array("v0:\(timestamp):".utf8), body)
        var all = headers
        all.add("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
        all.add("Content-Type", type)
        all.add("X-Slack-Request-Timestamp", timestamp)
        all.add("X-Slack-Signature", "v0=" + hex(signature))
        let request = HTTPClientRequest("POST", botURL + path, headers: all, body: body, timeout: timeout)
        let start = ContinuousClock.now
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            return BotAnswer(
                status: response.status, body: response.body, took: .now - start,
                refusesRetries: response.headers["X-Slack-No-Retry"] == "1")
        } catch {
            return BotAnswer(
                status: 0, body: Array("\(error)".utf8), took: .now - start, hasTimedOut: error == .timedOut)
        }
    }
}
