import Deploys
import Foundation
import HTTP
import JSON

/// Delivers notices through the Slack Web API.
///
/// Posts carry the notice's id as message metadata (docs.slack.dev, "Message metadata"), so that one whose answer
/// was lost can be found again.
package struct SlackMessenger: Messenger {
    private let api: SlackWebAPI
    private let directory: ChannelDirectory

    static let metadataEvent = "iterapp_notice"
    /// How many of a channel's newest messages are searched for a doubtful one.
    static let maxSearchedMessages = 200

    package init(api: SlackWebAPI) {
        self.api = api
        directory = ChannelDirectory(api: api)
    }

    package func post(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference {
        var arguments: [String: JSON] = [
            "channel": .string(thread?.channel ?? channel),
            "metadata": [
                "event_type": .string(Self.metadataEvent),
                "event_payload": ["notice": .string(id.description)],
            ],
        ]
        if let thread { arguments["thread_ts"] = .string(thread.timestamp) }
        let answer = try await send("chat.postMessage", draft, arguments, isPost: true)
        guard let channelID = answer["channel"]?.string, let timestamp = answer["ts"]?.string else {
            throw .tryAgain(afterSeconds: nil, reason: "Slack's answer lacks channel or ts", mayHaveArrived: true)
        }
        await directory.remember(channel, id: channelID)
        return MessageReference(channel: channelID, timestamp: timestamp)
    }

    package func edit(
        _ message: MessageReference, to draft: NoticeDraft, id: NoticeID
    ) async throws(MessengerError) {
        let arguments: [String: JSON] = ["channel": .string(message.channel), "ts": .string(message.timestamp)]
        _ = try await send("chat.update", draft, arguments, isPost: false)
    }

    package func find(
        _ id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference? {
        let method = thread == nil ? "conversations.history" : "conversations.replies"
        let channelID: String
        if let thread { channelID = thread.channel } else { channelID = try await directory.id(of: channel) }
        var arguments: [String: JSON] = [
            "channel": .string(channelID), "include_all_metadata": true, "limit": .int(Self.maxSearchedMessages),
        ]
        if let thread { arguments["ts"] = .string(thread.timestamp) }
        let answer: JSON
        do throws(SlackCallError) { answer = try await api.call(method, arguments, isPost: false) } catch {
            throw error.messengerError
        }
        let found = answer["messages"]?.array?.first { message in
            message.at("metadata", "event_type")?.string == Self.metadataEvent
                && message.at("metadata", "event_payload", "notice")?.string == id.description
        }
        return found?["ts"]?.string.map { MessageReference(channel: channelID, timestamp: $0) }
    }

    /// Sends a message; when Slack will never take it as it is, then its words alone, for one message must not hold
    /// up all that come after it.
    private func send(
        _ method: String, _ draft: NoticeDraft, _ arguments: [String: JSON], isPost: Bool
    ) async throws(MessengerError) -> JSON {
        let message = MessageBlocks(draft)
        do throws(SlackCallError) {
            do throws(SlackCallError) {
                return try await api.call(
                    method, content(arguments, message.text, message.blocks), isPost: isPost)
            } catch {
                guard case .unacceptable(let code) = error else { throw error }
                let words = "\(message.words)\n(Slack refused the whole message: \(code).)"
                return try await api.call(method, content(arguments, words, []), isPost: isPost)
            }
        } catch {
            throw error.messengerError
        }
    }

    /// An edit keeps the blocks that it does not mention, so none are said to be none.
    private func content(_ arguments: [String: JSON], _ text: String, _ blocks: [JSON]) -> [String: JSON] {
        arguments.merging([
            "text": .string(text), "blocks": .array(blocks), "unfurl_links": false, "unfurl_media": false,
        ]) { _, content in content }
    }
}

/// Channel ids by name: reading a channel takes its id, while posting takes either.
private actor ChannelDirectory {
    private let api: SlackWebAPI
    private var ids: [String: String] = [:]
    static let maxPages = 50

    init(api: SlackWebAPI) { self.api = api }

    func remember(_ name: String, id: String) { ids[name] = id }

    func id(of name: String) async throws(MessengerError) -> String {
        guard name.hasPrefix("#") else { return name }
        if let known = ids[name] { return known }
        var cursor = ""
        for _ in 0..<Self.maxPages {
            let answer = try await page(cursor)
            for channel in answer["channels"]?.array ?? [] {
                if let label = channel["name"]?.string, let id = channel["id"]?.string { ids["#\(label)"] = id }
            }
            if let known = ids[name] { return known }
            cursor = answer.at("response_metadata", "next_cursor")?.string ?? ""
            if cursor.isEmpty { break }
        }
        throw .refused(reason: "the workspace has no channel \(name) that the bot can see")
    }

    private func page(_ cursor: String) async throws(MessengerError) -> JSON {
        do throws(SlackCallError) {
            return try await api.call(
                "conversations.list", ["exclude_archived": true, "limit": 200, "cursor": .string(cursor)],
                isPost: false)
        } catch {
            throw error.messengerError
        }
    }
}
