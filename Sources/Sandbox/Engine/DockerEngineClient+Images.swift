import JSON

extension DockerEngineClient {
    /// Throws `.notFound`, with the engine's message, when the engine does not have it.
    package func image(_ reference: String) async throws(EngineError) -> EngineImage {
        let answer = try await call("GET", "/images/\(reference)/json")
        guard let id = answer["Id"]?.string else { throw .unreadable(reason: "an image without Id") }
        return EngineImage(id: id, user: answer.at("Config", "User")?.string ?? "")
    }

    /// Fetches an image from its registry, without credentials. A failure is `.refused` with the engine's
    /// message, wherever in the stream it was told (`ImageCreate` reports errors after its 200).
    package func pull(_ reference: String, timeout: Duration = .seconds(600)) async throws(EngineError) {
        let chunks = try await open(
            "POST", "/images/create", query: [("fromImage", reference)], timeout: timeout)
        var lines = LineSplitter()
        do {
            for try await chunk in chunks {
                for line in lines.add(chunk) { try Self.check(progress: line) }
            }
            if let line = lines.finish() { try Self.check(progress: line) }
        } catch { throw Self.engineError(error) }
    }

    /// Makes an image of files alone (`ImageCreate` with `fromSrc=-`).
    /// - Parameters:
    ///   - files: a tar archive.
    ///   - changes: what else the image has, as lines of a Dockerfile: `USER 10001`.
    func importImage(
        _ files: [UInt8], repository: String, tag: String, changes: [String]
    ) async throws(EngineError) {
        let query = [("fromSrc", "-"), ("repo", repository), ("tag", tag)] + changes.map { ("changes", $0) }
        let answer = try await callForText("POST", "/images/create", query: query, .tar(files))
        for line in answer.split(separator: UInt8(ascii: "\n")) { try Self.check(progress: Array(line)) }
    }

    /// All images that carry the label (`ImageList`).
    func images(label: String, value: String) async throws(EngineError) -> [(id: String, tags: [String])] {
        let filters: JSON = ["label": [.string("\(label)=\(value)")]]
        let answer = try await call("GET", "/images/json", query: [("filters", filters.text)])
        return (answer.array ?? []).compactMap { item in
            item["Id"]?.string.map { ($0, (item["RepoTags"]?.array ?? []).compactMap(\.string)) }
        }
    }

    /// Takes a name away, and the image with its last one. Throws `.conflict` while a container runs from it.
    func removeImage(_ reference: String) async throws(EngineError) {
        try await call("DELETE", "/images/\(reference)")
    }

    private static func check(progress line: [UInt8]) throws(EngineError) {
        guard let message = try? JSON.parse(line)["error"]?.string else { return }
        throw .refused(status: 500, message: message)
    }
}
