import Deploys

extension MessengerError {
    /// Sorts what keeps Slack from doing what a call asked for (docs.slack.dev, "chat.postMessage", "chat.update",
    /// "files.completeUploadExternal").
    ///
    /// - Parameter isPost: a lost answer may hide a message that arrived.
    init(_ method: String, _ error: SlackCallError, isPost: Bool) {
        switch error {
        case .ratelimited(let seconds): self = .limited(seconds: seconds, reason: "\(method): too many requests")
        case .unreachable(let reason, let mayHaveActed):
            self = .outage(reason: "\(method): \(reason)", mayHaveArrived: isPost && mayHaveActed)
        case .refused(let code, _):
            self = .init(code, "\(method): \(error)", lack: Self.lack(method), isPost: isPost)
            // The same whatever was to be done, and so told once.
            if case .refused(let refusal, _) = self {
                // `chat.update` has a word of its own for an archived channel.
                self = .refused(refusal, reason: code == "is_inactive" ? "is_archived" : "\(error)")
            }
        }
    }

    private init(_ code: String, _ reason: String, lack: Refusal, isPost: Bool) {
        switch code {
        case "message_not_found", "cant_update_message", "thread_not_found": self = .messageGone
        case "cannot_reply_to_message", "restricted_action_thread_locked",
            "restricted_action_non_threadable_channel":
            self = .noReplies
        // "It's possible some aspect of the operation succeeded before the error was raised."
        case "internal_error", "fatal_error": self = .outage(reason: reason, mayHaveArrived: isPost)
        case "request_timeout", "service_unavailable", "team_added_to_org", "accesslimited":
            self = .outage(reason: reason, mayHaveArrived: false)
        case "missing_scope", "no_permission", "not_allowed_token_type":
            self = .refused(lack, reason: reason)
        case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "access_denied",
            "org_login_required", "ekm_access_denied", "team_access_not_granted", "two_factor_setup_required",
            "deprecated_endpoint", "method_deprecated", "enterprise_is_restricted":
            self = .refused(.workspace, reason: reason)
        case "storage_limit_reached", "file_uploads_disabled", "file_uploads_except_images_disabled":
            self = .refused(.files, reason: reason)
        case _ where Self.isAboutTheMessage(code): self = .unacceptable(reason: reason)
        default: self = .refused(.channel, reason: reason)
        }
    }

    /// What has to wait when the bot may not use a method: only what cannot do without it. Reading a channel is for a
    /// notice in doubt, or for a name that nobody knows; the other channels get their messages.
    private static func lack(_ method: String) -> Refusal {
        if method.hasPrefix("files.") { return .files }
        return method.hasPrefix("conversations.") ? .channel : .workspace
    }

    /// One message that Slack will never take must not hold up all that come after it; Slack has many words for such.
    private static func isAboutTheMessage(_ code: String) -> Bool {
        let beginnings = [
            "msg_", "invalid_", "too_", "metadata_", "markdown_", "duplicate_", "attachment_", "unsupported_",
            "file_", "files_",
        ]
        return beginnings.contains(where: code.hasPrefix)
            || ["no_text", "edit_window_closed", "json_not_object",
                "blocked_file_type", "malware_detected"].contains(code)
    }
}
