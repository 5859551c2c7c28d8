import Foundation
import JSON

@testable import Deploys
@testable import GitHub
@testable import Images
@testable import Web

extension FuzzTarget {
    private static let githubWords = [
        "{\"ref\":\"refs/heads/", "\"after\":\"6113728f27ae82c7b1a177c8d03f9e96e0adf246\"", "\"before\":\"0000000000000000000000000000000000000000\"",
        "\"repository\":{\"id\":1,\"full_name\":\"a/b\",\"default_branch\":\"main\"}", "\"installation\":{\"id\":7}", "\"action\":\"rerequested\"",
        "\"check_run\":{\"head_sha\":\"", "\"external_id\":\"12\"", "\"repositories\":[", "\"changes\":{\"repository\":{\"name\":{\"from\":\"",
        "\"head_commit\":{\"message\":\"", "\"deleted\":true", "\"ref_type\":\"branch\"", "\"sender\":{\"login\":\"", "\"pusher\":{\"name\":\"",
        "\"requested_action\":{\"identifier\":\"", "\"default_branch\":{\"from\":\"", "renamed", "transferred", "created", "removed",
    ]

    /// The first byte is the event. What is read is bounded, and names no option.
    static let githubPayload = FuzzTarget("github-payload", words: githubWords) { bytes in
        guard let first = bytes.first else { return }
        let event = WebhookEvent.allCases[Int(first) % WebhookEvent.allCases.count]
        guard let payload = try? JSON.parse(Array(bytes.dropFirst()), only: event.selection, maxDepth: WebhookRoute.maxDepth) else { return }
        let order: WebhookOrder
        do throws(WebhookFieldError) { order = try WebhookOrder(event, payload, delivery: "d") } catch {
            try require(!error.field.isEmpty, "a mistake without a field")
            return
        }
        guard case .push(let push) = order else { return }
        try require(push.commit.subject.unicodeScalars.count <= WebhookText.maxScalars, "a long subject")
        try require(push.commit.author.unicodeScalars.count <= WebhookText.maxScalars, "a long name")
        try require(!push.repository.name.key.utf8.contains { $0 < 0x21 || $0 > 0x7E }, "an odd repository: \(push.repository.name.key)")
    }

    private static let textWords = [
        "\u{1B}[31m", "\u{1B}[0m", "\u{1B}]0;title\u{7}", "\u{1B}", "\r", "\t", "\u{9B}", "\u{85}", "\u{D4E}<", "<script>", "</script>", "`\u{301}",
        "&amp;", "\"", "'", "```", "xoxb-1234567890-abcdefghij", "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB", "@", "#1", "**", "\n",
    ]

    /// A log's line, shown everywhere that logs are shown.
    static let logText = FuzzTarget("log-text", maxInputBytes: 2_000, words: textWords) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let line = LogText.line(text)
        try requireEqual(LogText.line(line), line, "a line that is not yet one")
        try require(line.utf8.count <= LogText.maxLineBytes + 3, "a line of \(line.utf8.count) bytes")
        let plain = LogText.plain(text)
        try require(!plain.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" && $0 != "\n" }, "a control character is left")
        try requireEqual(LogText.plain(bytes).filter { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A }, [], "a control byte is left")
        try require(!TerminalText.clean(text).unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" }, "an escape is left")
        try require(!HTML.escaped(text).utf8.contains { "<>\"".utf8.contains($0) }, "mark-up in a page: \(HTML.escaped(text))")
        let masked = SecretMask.shapes.masked(text)
        try requireEqual(SecretMask.shapes.masked(masked), masked, "masked twice, it is another")
        let paragraph = CommitMarkdown.paragraph(text, maxScalars: 1_000)
        try require(!paragraph.unicodeScalars.contains { $0.value < 0x20 }, "more than one paragraph")
        if let position = LogPosition(text) { try requireEqual(LogPosition(position.text), position, "another place in a log") }
        if let address = LogAddress(text) { try requireEqual(LogAddress(address.path), address, "another log") }
    }

    private static let buildWords = textWords + [
        "{\"vertexes\":[{\"digest\":\"sha256:a\",\"name\":\"[1/2] RUN make\"", "\"started\":\"2026-01-02T03:04:05.678Z\"", "\"completed\":\"",
        "\"cached\":true", "\"error\":\"", "{\"logs\":[{\"vertex\":\"sha256:a\",\"stream\":1,\"data\":\"aGVsbG8K\"", "{\"statuses\":[{\"id\":\"",
        "\"current\":", "\"total\":", "{\"warnings\":[{", "\"inputs\":[\"sha256:b\"]", "}]}\n", "error: failed to solve", "Dockerfile:4\n", "1e308",
    ]

    /// What `buildctl` writes means the same whatever pieces it comes in. Half of it is somebody's build speaking.
    static let buildProgress = FuzzTarget("build-progress", maxInputBytes: 3_000, words: buildWords) { bytes in
        let whole = lines(bytes, pieceBytes: bytes.count)
        try requireEqual(lines(bytes, pieceBytes: 7), whole, "in pieces, it is another")
        for line in whole {
            try require(!line.contains { $0.isNewline && $0.isASCII }, "two lines: \(line)")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        _ = DockerfileInstruction.read(text)
        _ = DockerfileLines.line(of: "RUN make", in: text)
    }

    private static func lines(_ bytes: [UInt8], pieceBytes: Int) -> [String] {
        var progress = RawProgress()
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: max(1, pieceBytes)) {
            progress.take(bytes[start..<min(bytes.count, start + pieceBytes)]) { lines.append($0) }
        }
        progress.finish(succeeded: bytes.count % 2 == 0) { lines.append($0) }
        return lines
    }
}
