import Deploys
import Foundation
import JSON

/// Delivers notices through the Slack Web API.
///
/// Posts carry the notice's id as message metadata (docs.slack.dev, "Message metadata"), so that one whose answer
/// was lost can be found again.
package struct SlackMessenger: Messenger {
    let api: SlackWebAPI
    let directory: ChannelDirectory
    let logs: (any BuildLogReader)?
    let mask: @Sendable (String) -> String

    static let metadataEvent = "iterapp_notice"

    /// - Parameters:
    ///   - channels: keeps which channels the names mean; without it, it is found out at each start.
    ///   - logs: where files come from.
    ///   - mask: takes secrets out of what is in files.
    package init(
        api: SlackWebAPI, channels: (any ChannelBook)? = nil, logs: (any BuildLogReader)? = nil,
        mask: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.api = api
        self.logs = logs
        self.mask = mask
        directory = ChannelDirectory(api: api, book: channels)
    }

    package func post(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference? {
        if case .file(let title, let name, let log) = draft {
            try await share(log, as: name, title: title, channel: channel, thread: thread)
            return nil
        }
        let target: String
        if let thread { target = thread.channel } else { target = await directory.knownID(of: channel) ?? channel }
        do throws(SlackCallError) {
            return try await post(draft, id, to: target, named: channel, thread)
        } catch .refused(let code, _) where Self.goneCodes.contains(code) && target != channel {
            guard let other = try await successor(of: target, named: channel) else {
                throw .refused(.channel, reason: code)
            }
            // Its thread stayed in the old one.
            if thread != nil { throw .messageGone }
            do throws(SlackCallError) {
                return try await post(draft, id, to: other, named: channel, thread)
            } catch {
                throw MessengerError("chat.postMessage", error, isPost: true)
            }
        } catch {
            throw MessengerError("chat.postMessage", error, isPost: true)
        }
    }

    /// What Slack says of a channel where nobody can write any more; `is_inactive` is the word of `chat.update`.
    private static let goneCodes: Set<String> = ["channel_not_found", "is_archived", "is_inactive"]

    /// The channel that has the name of one that is gone: people archive a channel and make it anew.
    private func successor(of old: String, named name: String) async throws(MessengerError) -> String? {
        guard name.hasPrefix("#"), let other = try await directory.lookUp(name), other != old else { return nil }
        await directory.remember(name, id: other)
        return other
    }

    private func post(
        _ draft: NoticeDraft, _ id: NoticeID, to target: String, named name: String, _ thread: MessageReference?
    ) async throws(SlackCallError) -> MessageReference {
        var arguments: [String: JSON] = [
            "channel": .string(target),
            "metadata": [
                "event_type": .string(Self.metadataEvent),
                "event_payload": ["notice": .string(id.description)],
            ],
        ]
        if let thread { arguments["thread_ts"] = .string(thread.timestamp) }
        let answer = try await send("chat.postMessage", draft, arguments)
        guard let channelID = answer["channel"]?.string, let timestamp = answer["ts"]?.string else {
            throw .unreachable(reason: "Slack's answer lacks channel or ts", mayHaveActed: true)
        }
        await directory.remember(name, id: channelID)
        let message = MessageReference(channel: channelID, timestamp: timestamp)
        if thread != nil, let posted = answer["message"], posted["thread_ts"] == nil {
            try await takeBack(message)
        }
        return message
    }

    /// Slack puts an answer to a message that is gone into the channel itself; only the `thread_ts` that its answer
    /// lacks tells (https://github.com/slack-go/slack/issues/1571).
    /// - Throws: always; as if Slack had refused it.
    private func takeBack(_ stray: MessageReference) async throws(SlackCallError) {
        // One that stays is a message too many, no more.
        _ = try? await api.call(
            "chat.delete", ["channel": .string(stray.channel), "ts": .string(stray.timestamp)])
        throw .refused(code: "thread_not_found")
    }

    package func edit(
        _ message: MessageReference, to draft: NoticeDraft, id: NoticeID
    ) async throws(MessengerError) {
        let arguments: [String: JSON] = ["channel": .string(message.channel), "ts": .string(message.timestamp)]
        do throws(SlackCallError) { _ = try await send("chat.update", draft, arguments) } catch {
            if case .refused(let code, _) = error, Self.goneCodes.contains(code), case .live(let report) = draft,
                try await successor(of: message.channel, named: report.operation.channel) != nil {
                throw .messageGone
            }
            throw MessengerError("chat.update", error, isPost: false)
        }
    }

    /// Sends a message; when Slack will never take it as it is, then its words alone, for one message must not hold
    /// up all that come after it.
    private func send(
        _ method: String, _ draft: NoticeDraft, _ arguments: [String: JSON]
    ) async throws(SlackCallError) -> JSON {
        let message = MessageBlocks(draft)
        do throws(SlackCallError) {
            return try await api.call(method, content(arguments, message.text, message.blocks))
        } catch {
            guard case .refused(let code, _) = error,
                case .unacceptable = MessengerError(method, error, isPost: true)
            else { throw error }
            let words = "\(message.words)\n(Slack refused the whole message: \(code).)"
            return try await api.call(method, content(arguments, words, []))
        }
    }

    /// An edit keeps the blocks that it does not mention, so none are said to be none.
    private func content(_ arguments: [String: JSON], _ text: String, _ blocks: [JSON]) -> [String: JSON] {
        arguments.merging([
            "text": .string(text), "blocks": .array(blocks), "unfurl_links": false, "unfurl_media": false,
        ]) { _, content in content }
    }
}
