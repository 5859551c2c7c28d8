import Deploys
import HTTP
import JSON

extension SlackMessenger {
    /// Of a log, its last so many bytes.
    package static let maxFileBytes = 1 << 20
    static let uploadTimeout = Duration.seconds(30)

    /// Adds a log to a thread as a file: asks for a place, puts it there, and shares it (docs.slack.dev, "Working with
    /// files", "Uploading files"). Does nothing when the log is not there any more.
    func share(
        _ log: LogReference, as name: String, title: String, channel: String, thread: MessageReference?
    ) async throws(MessengerError) {
        guard let end = await logs?.end(of: log, maxBytes: Self.maxFileBytes) else { return }
        let note = end.isCut ? "(The log is longer; this is its end.)\n" : ""
        let content = Array((note + mask(end.text)).utf8)
        guard !content.isEmpty else { return }
        let channelID: String
        if let thread { channelID = thread.channel } else { channelID = try await directory.id(of: channel) }
        let place = try await perform("files.getUploadURLExternal", [
            "filename": .string(name), "length": .int(content.count),
        ], isPost: false)
        guard let url = place["upload_url"]?.string, let file = place["file_id"]?.string else {
            throw .outage(reason: "files.getUploadURLExternal: the answer names no place", mayHaveArrived: false)
        }
        try await upload(content, to: url)
        var arguments: [String: JSON] = [
            "files": [["id": .string(file), "title": .string(title)]], "channel_id": .string(channelID),
        ]
        if let thread { arguments["thread_ts"] = .string(thread.timestamp) }
        _ = try await perform("files.completeUploadExternal", arguments, isPost: true)
    }

    private func perform(
        _ method: String, _ arguments: [String: JSON], isPost: Bool
    ) async throws(MessengerError) -> JSON {
        do throws(SlackCallError) { return try await api.call(method, arguments) } catch {
            throw MessengerError(method, error, isPost: isPost)
        }
    }

    /// The place is good for this one file: no token goes there, and nothing is shown before it is shared.
    private func upload(_ content: [UInt8], to url: String) async throws(MessengerError) {
        let request = HTTPClientRequest(
            "POST", url, headers: ["Content-Type": "application/octet-stream"], body: content,
            timeout: Self.uploadTimeout)
        let answer: HTTPClientResponse
        do throws(HTTPClientError) { answer = try await api.client.send(request) } catch {
            throw MessengerError("the upload of a file", SlackCallError(error), isPost: false)
        }
        guard answer.status == 200 else {
            throw .outage(reason: "the upload of a file was answered with \(answer.status)", mayHaveArrived: false)
        }
    }
}
