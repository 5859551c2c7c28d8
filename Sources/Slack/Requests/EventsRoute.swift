import Deploys
import HTTP
import JSON

/// Events of the workspace: messages to the bot, its home tab, channels (docs.slack.dev, "Events API").
///
/// Slack delivers an event again when it did not get its 200 in time. What is answered with 200 is on disk if it
/// changes something; a delivery that takes too long gets a 503, goes on, and meets its repetition.
package struct EventsRoute: Sendable {
    let parts: SlackParts
    private let ledger: EventLedger
    private let home: HomeTab

    init(parts: SlackParts, home: HomeTab) {
        self.parts = parts
        self.home = home
        ledger = EventLedger(seen: parts.seen, log: parts.log)
    }

    /// What the bot wants to be told.
    package static let eventTypes = WorkspaceNews.eventTypes.union(["app_mention", "message.im", "app_home_opened"])

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let envelope = try? JSON.parse(request.body), envelope.object != nil else {
            return .text(400, "The body is no JSON object.\n")
        }
        switch envelope["type"]?.string {
        case "url_verification":
            guard let challenge = envelope["challenge"]?.string else {
                return .text(400, "The challenge is missing.\n")
            }
            return .text(200, challenge)
        case "app_rate_limited": return noteRateLimit(envelope)
        case "event_callback": return await take(envelope, request)
        default:
            parts.tally.count(.ignored)
            return .nothing
        }
    }

    private func noteRateLimit(_ envelope: JSON) -> HTTPResponse {
        parts.tally.count(.rateLimited)
        parts.log.warning(
            "Slack holds back events of the workspace \(envelope["team_id"]?.string ?? "?"): there are too many, or "
                + "too many were not answered in time")
        return .nothing
    }

    private func take(_ envelope: JSON, _ request: HTTPRequest) async -> HTTPResponse {
        guard let event = envelope["event"], event.object != nil else {
            return .text(400, "The event is missing.\n")
        }
        guard !parts.installation.isForeign(PayloadOrigin(event: envelope)) else {
            // Our token says nothing in another workspace: its people can't be told why.
            parts.tally.count(.foreign)
            return .nothing
        }
        let id = envelope["event_id"]?.string ?? request.signatureKey
        let bot = botUserID(envelope)
        if let news = WorkspaceNews(event: event, botUserID: bot) { return await take(news, id) }
        if let message = IncomingMessage(event: event, botUserID: bot) {
            return await take(message, id, botUserID: bot)
        }
        if event["type"] == "app_home_opened", event["tab"] == "home", let user = event["user"]?.string {
            parts.tally.count(.homeOpened)
            parts.after.begin { await home.draw(for: Person(id: user, name: user)) }
            return .nothing
        }
        parts.tally.count(.ignored)
        return .nothing
    }

    /// Who we are there, as the event itself says, or else as Slack said at the start.
    private func botUserID(_ envelope: JSON) -> String? {
        let bots = envelope["authorizations"]?.array?.filter { $0["is_bot"] == true } ?? []
        return bots.first?["user_id"]?.string ?? parts.installation.installation?.botUserID
    }

    private func take(_ news: WorkspaceNews, _ id: String) async -> HTTPResponse {
        parts.tally.count(news == .tokenGone ? .tokenNews : .channelNews)
        let work = Task { () async -> Bool in
            do throws(JournalError) {
                try await parts.tell(news)
                return true
            } catch {
                parts.log.error("what the workspace tells can't be written down: \(error)")
                return false
            }
        }
        return switch await parts.patience.result(of: work) {
        case true?: .nothing
        // Slack tells it only once when it reads a 200.
        case false?: Self.again("This can't be written down now; deliver it again, please.")
        case nil: Self.late
        }
    }

    private func take(_ message: IncomingMessage, _ id: String, botUserID: String?) async -> HTTPResponse {
        guard let text = words(of: message, botUserID) else {
            parts.tally.count(.ignored)
            return .nothing
        }
        parts.tally.count(message.isDirect ? .directMessage : .mention)
        let sender = Sender(
            person: Person(id: message.user, name: message.user),
            place: message.isDirect
                ? .direct(id: message.channel) : await parts.places.place(id: message.channel, name: nil),
            deduplicationKey: "event:\(id)")
        let work = ledger.once(id) {
            parts.tally.count(.repeated)
        } work: {
            let answer =
                switch text {
                case .command(let command): await parts.commands.answer(command, from: sender)
                case .answer(let answer): answer
                }
            let isPromised = parts.after.begin {
                await parts.answers.deliver(answer, to: message.reply)
                await ledger.close(id, at: parts.now())
            }
            if !isPromised { ledger.forget(id) }
        }
        return await acknowledged(work)
    }

    private enum Words {
        case command(String)
        /// Nothing is done; the writer reads this.
        case answer(Answer)
    }

    private func words(of message: IncomingMessage, _ botUserID: String?) -> Words? {
        switch MessageText.mention(in: message.text, botID: botUserID) {
        case .command(let text): .command(text)
        case _ where message.isDirect: .command(MessageText.command(message.text))
        case .misplaced: .answer(RequestWords.misplaced)
        case .aside: nil
        }
    }

    /// - Parameter work: to be over before Slack reads a 200.
    private func acknowledged(_ work: Task<Void, Never>) async -> HTTPResponse {
        await parts.patience.result(of: work) == nil ? Self.late : .nothing
    }

    private static let late = again("This takes longer than expected; deliver it again, please.")

    private static func again(_ sentence: String) -> HTTPResponse {
        var refusal = HTTPResponse.text(503, sentence + "\n")
        refusal.headers["Retry-After"] = "10"
        return refusal
    }
}
