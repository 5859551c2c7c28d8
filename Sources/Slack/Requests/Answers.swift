import Deploys
import Foundation
import JSON

/// Brings answers to the people who asked, after Slack has its own answer.
struct Answers: Sendable {
    let api: SlackWebAPI
    let responses: ResponseURLs
    let tally: RequestTally
    let log: Log

    /// Of one call; Slack's rate limits pass within a minute.
    static let maxAttempts = 3
    /// Before the second attempt, when Slack does not say how long to wait; twice that before the third one.
    var firstPauseSeconds = 1.0
    static let maxPauseSeconds = 60.0
    /// A window can be opened for three seconds after a press (docs.slack.dev, "Trigger IDs").
    static let maxWindowWait = Duration.seconds(2)

    /// Tries the ways one after the other.
    func deliver(_ answer: Answer, to reply: Reply) async {
        for way in reply.ways {
            if await deliver(answer, to: reply.person, by: way) { return }
        }
        tally.count(.lostAnswer)
        log.warning("an answer to \(reply.person) could not be delivered")
    }

    /// - Returns: whether nothing more is to be tried.
    private func deliver(_ answer: Answer, to person: String, by way: Reply.Way) async -> Bool {
        switch way {
        case .responseURL(let url, let since):
            switch await responses.send(AnswerMessage(answer).json, to: url, since: since) {
            case .arrived, .doubtful: return true
            case .failed, .notSlacks: return false
            }
        case .ephemeral(let channel, let thread):
            var arguments = message(answer, channel, thread)
            arguments["user"] = .string(person)
            return await call("chat.postEphemeral", arguments, isPost: true)
        case .message(let channel, let thread):
            return await call("chat.postMessage", message(answer, channel, thread), isPost: true)
        case .window(let trigger, let onTop):
            let memory = WindowMemory(place: .home, responseURL: nil, since: .distantPast)
            return await open(Forms.answer(answer, from: memory), trigger: trigger, onTopOfWindow: onTop)
        }
    }

    private func message(_ answer: Answer, _ channel: String, _ thread: String?) -> [String: JSON] {
        let message = AnswerMessage(answer)
        var arguments: [String: JSON] = [
            "channel": .string(channel), "text": .string(message.text), "blocks": .array(message.blocks),
            "unfurl_links": false, "unfurl_media": false,
        ]
        if let thread { arguments["thread_ts"] = .string(thread) }
        return arguments
    }

    /// Opens a window for whoever pressed something.
    /// - Returns: whether Slack did so in time.
    func open(_ view: JSON, trigger: String, onTopOfWindow: Bool) async -> Bool {
        let method = onTopOfWindow ? "views.push" : "views.open"
        let arguments: [String: JSON] = ["trigger_id": .string(trigger), "view": view]
        let attempt = Task { () async -> Bool in
            do throws(SlackCallError) {
                _ = try await api.call(method, arguments, within: Self.maxWindowWait)
                return true
            } catch {
                log.warning("a window could not be opened: \(error)")
                return false
            }
        }
        return await WaitLimit(Self.maxWindowWait).result(of: attempt) ?? false
    }

    /// Calls a method, again when Slack wants it later.
    ///
    /// - Parameter isPost: done twice, it is read twice. When Slack's answer is lost, what was posted is most
    ///   likely there, and it is not posted again.
    /// - Returns: whether it was done, or may have been.
    @discardableResult
    func call(_ method: String, _ arguments: [String: JSON], isPost: Bool = false) async -> Bool {
        for attempt in 1...Self.maxAttempts {
            do throws(SlackCallError) {
                _ = try await api.call(method, arguments)
                return true
            } catch {
                if isPost, case .unreachable(_, mayHaveActed: true) = error {
                    log.warning("whether an answer got through is not known: \(error)")
                    return true
                }
                guard error.isPassing, attempt < Self.maxAttempts else {
                    log.warning("an answer did not get through: \(error)")
                    return false
                }
                var pause = firstPauseSeconds * Double(attempt)
                if case .ratelimited(let seconds) = error { pause = seconds }
                pause = min(pause, Self.maxPauseSeconds)
                log.info("an answer waits \(pause) s: \(error)")
                try? await Task.sleep(for: .seconds(pause))
            }
        }
        return false
    }
}
