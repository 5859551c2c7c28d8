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
        var arguments = content(draft, id)
        arguments["channel"] = .string(thread?.channel ?? channel)
        if let thread { arguments["thread_ts"] = .string(thread.timestamp) }
        let answer = try await api.call("chat.postMessage", arguments, isPost: true)
        guard let channelID = answer["channel"]?.string, let timestamp = answer["ts"]?.string else {
            throw .tryAgain(afterSeconds: nil, reason: "Slack's answer lacks channel or ts", mayHaveArrived: true)
        }
        await directory.remember(channel, id: channelID)
        return MessageReference(channel: channelID, timestamp: timestamp)
    }

    package func edit(
        _ message: MessageReference, to draft: NoticeDraft, id: NoticeID
    ) async throws(MessengerError) {
        var arguments = content(draft, nil)
        arguments["channel"] = .string(message.channel)
        arguments["ts"] = .string(message.timestamp)
        _ = try await api.call("chat.update", arguments, isPost: false)
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
        let answer = try await api.call(method, arguments, isPost: false)
        let found = answer["messages"]?.array?.first { message in
            message.at("metadata", "event_type")?.string == Self.metadataEvent
                && message.at("metadata", "event_payload", "notice")?.string == id.description
        }
        return found?["ts"]?.string.map { MessageReference(channel: channelID, timestamp: $0) }
    }

    private func content(_ draft: NoticeDraft, _ id: NoticeID?) -> [String: JSON] {
        let message = MessageBlocks(draft)
        var content: [String: JSON] = [
            "text": .string(message.text), "blocks": .array(message.blocks),
            "unfurl_links": false, "unfurl_media": false,
        ]
        if let id {
            content["metadata"] = [
                "event_type": .string(Self.metadataEvent),
                "event_payload": ["notice": .string(id.description)],
            ]
        }
        return content
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
            let answer = try await api.call(
                "conversations.list",
                ["exclude_archived": true, "limit": 200, "cursor": .string(cursor)], isPost: false)
            for channel in answer["channels"]?.array ?? [] {
                if let label = channel["name"]?.string, let id = channel["id"]?.string { ids["#\(label)"] = id }
            }
            if let known = ids[name] { return known }
            cursor = answer.at("response_metadata", "next_cursor")?.string ?? ""
            if cursor.isEmpty { break }
        }
        throw .refused(reason: "the workspace has no channel \(name) that the bot can see")
    }
}
