import Deploys
import Foundation
import JSON

extension SlackMessenger {
    /// How much of a channel is searched for a doubtful message, at most: beyond it, it did not arrive.
    static let maxSearchedPages = 50
    static let messagesPerPage = 200
    /// Slack's clock may be behind ours.
    static let maxClockSkewSeconds = 300.0

    package func find(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?, since: Date
    ) async throws(MessengerError) -> MessageReference? {
        let method = thread == nil ? "conversations.history" : "conversations.replies"
        let channelID: String
        if let thread { channelID = thread.channel } else { channelID = try await directory.id(of: channel) }
        let oldest = Int64(since.timeIntervalSince1970 - Self.maxClockSkewSeconds)
        var arguments: [String: JSON] = [
            "channel": .string(channelID), "include_all_metadata": true, "limit": .int(Self.messagesPerPage),
            "oldest": .string("\(oldest)"),
        ]
        if let thread { arguments["ts"] = .string(thread.timestamp) }
        for _ in 0..<Self.maxSearchedPages {
            let answer: JSON
            do throws(SlackCallError) { answer = try await api.call(method, arguments) } catch {
                let reason = MessengerError(method, error, isPost: false)
                // Whatever is wrong with the question says nothing about the message.
                if case .unacceptable(let words) = reason { throw .refused(.channel, reason: words) }
                throw reason
            }
            let found = answer["messages"]?.array?.first { isMessage($0, of: draft, id) }
            if let timestamp = found?["ts"]?.string {
                return MessageReference(channel: channelID, timestamp: timestamp)
            }
            guard let cursor = answer.at("response_metadata", "next_cursor")?.string, !cursor.isEmpty else { break }
            arguments["cursor"] = .string(cursor)
        }
        return nil
    }

    /// Messages that share files carry no metadata; a file's name is the only one of its kind in a thread.
    private func isMessage(_ message: JSON, of draft: NoticeDraft, _ id: NoticeID) -> Bool {
        if case .file(_, let name, _) = draft {
            return message["files"]?.array?.contains { $0["name"]?.string == name } ?? false
        }
        return message.at("metadata", "event_type")?.string == Self.metadataEvent
            && message.at("metadata", "event_payload", "notice")?.string == id.description
    }
}
