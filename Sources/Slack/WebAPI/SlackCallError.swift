import Deploys

/// Why Slack did not do what a call asked for.
enum SlackCallError: Error {
    /// Slack will never take this message as it is.
    case unacceptable(code: String)
    case other(MessengerError)

    /// Sorts what stands in `error` of an answer (docs.slack.dev, "chat.postMessage", "chat.update").
    init(_ method: String, _ code: String, isPost: Bool) {
        switch code {
        case "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text",
            "attachment_payload_limit_exceeded":
            self = .unacceptable(code: code)
        case "message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found",
            "cannot_reply_to_message", "restricted_action_thread_locked",
            "restricted_action_non_threadable_channel":
            self = .other(.messageGone)
        // "It's possible some aspect of the operation succeeded before the error was raised."
        case "internal_error", "fatal_error":
            self = .other(.tryAgain(afterSeconds: nil, reason: "\(method): \(code)", mayHaveArrived: isPost))
        case "ratelimited", "rate_limited", "request_timeout", "service_unavailable", "team_added_to_org":
            self = .other(.tryAgain(afterSeconds: nil, reason: "\(method): \(code)", mayHaveArrived: false))
        default:
            self = .other(.refused(reason: "\(method): \(code)"))
        }
    }

    /// For callers that have no other way to say it.
    var messengerError: MessengerError {
        switch self {
        case .unacceptable(let code): .refused(reason: code)
        case .other(let error): error
        }
    }
}
