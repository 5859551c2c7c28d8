import HTTP
import JSON

/// docs.slack.dev, "Working with files", "files.getUploadURLExternal", "files.completeUploadExternal".
extension SlackStandIn {
    static let maxFileBytes = 16 << 20
    static let maxBodyBytes = 2 << 20
    static let maxSnippetBytes = 1 << 20

    func uploadURL(_ arguments: SlackArguments, host: String) async throws -> JSON {
        let name = try arguments.required("filename")
        guard let length = try arguments.integer("length"), length > 0 else { throw SlackRefusal("missing_argument") }
        guard length <= Self.maxFileBytes else { throw SlackRefusal("file_upload_size_restricted") }
        if try arguments.string("snippet_type")?.isEmpty == false, length > Self.maxSnippetBytes {
            throw SlackRefusal("snippet_too_large")
        }
        let file = try await workspace.announceFile(name, size: length)
        return ["upload_url": .string("http://\(host)\(Self.uploadPath)\(file.id)"), "file_id": .string(file.id)]
    }

    /// The bytes themselves, as they are or as the one part of a form. The URL is secret enough: no token is asked for.
    func upload(_ request: HTTPRequest) async -> (HTTPResponse, String) {
        let id = String(request.path.dropFirst(Self.uploadPath.count))
        guard request.method == "POST" else { return (.text(405, "POST, please.\n"), "405") }
        guard let file = try? await workspace.file(id), !file.isUploaded else {
            return (.text(404, "No such upload.\n"), "404")
        }
        let content = MultipartBody.file(request) ?? request.body
        guard content.count == file.size else {
            return (.text(400, "\(file.size) bytes were announced, and \(content.count) came.\n"), "400")
        }
        guard (try? await workspace.upload(id, content)) != nil else {
            return (.text(500, "It can't be kept.\n"), "500")
        }
        return (.text(200, "OK - \(content.count)"), "ok")
    }

    /// A file's content, for whoever shows the token (docs.slack.dev, "File object", `url_private`).
    func download(_ request: HTTPRequest) async -> HTTPResponse {
        let id = String(request.path.dropFirst(Self.filePath.count))
        guard let arguments = try? SlackArguments(request, takesJSON: false),
            (try? grant.check(Self.token(request, arguments))) != nil
        else { return .text(403, "A token, please.\n") }
        guard let file = try? await workspace.file(id), let description = file.description else {
            return .text(404, "No such file.\n")
        }
        return HTTPResponse(
            status: 200, headers: ["Content-Type": description["mimetype"]?.string ?? "text/plain"],
            body: .bytes(file.content))
    }

    func completeUpload(_ arguments: SlackArguments, host: String) async throws -> JSON {
        guard let items = try arguments.json("files", orElse: "invalid_arguments")?.array, !items.isEmpty else {
            throw SlackArguments.missing("files")
        }
        var files: [JSON] = []
        for item in items {
            guard let id = item["id"]?.string, let file = try await workspace.file(id), file.isUploaded,
                file.description == nil
            else { throw SlackRefusal("file_not_found") }
            files.append(file.described(title: item["title"]?.string, url: "http://\(host)\(Self.filePath)\(id)"))
        }
        if let id = try arguments.string("channel_id"), !id.isEmpty {
            try await share(files, in: id, arguments)
        }
        for file in files { try await workspace.describe(file["id"]?.string ?? "", file) }
        return [
            "files": .array(files.map { ["id": $0["id"] ?? "", "title": $0["title"] ?? ""] })
        ]
    }

    /// One message for all; its `ts` is not in the answer.
    private func share(_ files: [JSON], in id: String, _ arguments: SlackArguments) async throws {
        let channel = try await place(id)
        guard channel.hasBot else { throw SlackRefusal("not_in_channel") }
        if channel.isArchived { throw SlackRefusal("posting_to_channel_denied") }
        let thread = try await thread(arguments, in: channel)
        _ = try await workspace.post(
            user: Workspace.botID, in: channel.id, text: try arguments.string("initial_comment") ?? "", thread: thread,
            files: files)
    }
}
