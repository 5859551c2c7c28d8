import Deploys
import Foundation
import Subprocess

/// Why Git gave up, read from what it printed in English (LC_ALL=C).
struct GitFailure {
    private let lines: [String]

    init(_ result: ProgramResult) {
        self.init(errorOutput: String(decoding: result.errorOutput, as: UTF8.self))
    }

    init(errorOutput: String) {
        // Lines that begin with `remote:` are the other side's free text; they decide nothing.
        lines = errorOutput.split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.hasPrefix("remote:") }
    }

    /// The mirror itself is unusable: locks that a crash left behind, or objects that did not reach
    /// the disk. A fresh mirror helps.
    var isDamagedMirror: Bool {
        says(
            ".lock': File exists", "is corrupt", "is empty", "bad object", "not a git repository:", "inflate",
            "unable to read sha1 file", "unable to read tree", "Could not read ", "failed to read object",
            "does not match index")
    }

    /// The object that was asked for is not in the mirror.
    var isMissingObject: Bool {
        says("failed to unpack tree object", "not a tree object", "Not a valid object name")
    }

    /// The server did not take who we say we are (401); other credentials may help.
    var isUnauthorized: Bool {
        says("Authentication failed", "could not read Username", "could not read Password", "returned error: 401")
    }

    /// The remote has no such object, or gives none away that it has not offered (gitprotocol-v2(5); with older
    /// protocols, `uploadpack.allowAnySHA1InWant`).
    var isRefusedObject: Bool {
        says("not our ref", "unadvertised object", "find remote ref", "no matching remote head")
    }

    /// The shell did not find the program of the filter.
    var lacksLFS: Bool { says("git-lfs: not found", "git-lfs: command not found", "cannot run git-lfs") }

    /// - Parameter remote: what was read; nil when only our own mirror was involved.
    func sourceError(_ remote: GitRemote?) -> SourceError {
        let cause = remote?.redacted(firstCause) ?? firstCause
        // Checking out, Git names no cause; for a file that it could open there is hardly another one.
        if says("No space left on device", "Disk quota exceeded", "error: unable to write file ") {
            return .diskFull("No space is left for check-outs (\(cause)).")
        }
        guard let remote else { return .broken("Git could not read its mirror: \(cause).") }
        let url = remote.shownURL
        if isUnauthorized || says(
            "returned error: 403", "Permission denied (",
            "Host key verification failed",
            "dubious ownership", "Permission to ")
        {
            return .accessDenied("Git was refused at \(url) (\(cause)).")
        }
        if says("does not appear to be a git repository") || lines.contains(where: isNotFound) {
            return .noSuchRepository
        }
        if says(Self.networkTroubles) {
            return .unreachable("\(url) can't be reached (\(cause)).")
        }
        return .broken("Git could not read \(url): \(cause).")
    }

    private static let networkTroubles = [
        "Could not resolve host", "Failed to connect", "Couldn't connect", "Connection timed out",
        "Connection refused", "Connection reset", "Connection closed", "Operation timed out",
        "Timeout was reached",
        "Operation too slow", "returned error: 5", "returned error: 429", "returned error: 408", "early EOF",
        "unexpected disconnect", "hung up unexpectedly", "RPC failed", "Empty reply from server",
        "Recv failure", "Send failure", "Network is unreachable", "No route to host", "SSL ", "TLS ",
        "certificate", "transfer closed with",
    ]

    /// `fatal: repository 'https://…' not found`
    private func isNotFound(_ line: String) -> Bool {
        line.hasPrefix("fatal: repository '") && line.hasSuffix("' not found")
    }

    private func says(_ texts: String...) -> Bool { says(texts) }

    private func says(_ texts: [String]) -> Bool {
        lines.contains { line in texts.contains { line.contains($0) } }
    }

    /// The first line that names a cause, without Git's prefix and full stop.
    private var firstCause: String {
        let cause = lines.first { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") } ?? lines.last
        guard let cause else { return "it said nothing" }
        let text = cause.replacing(#/^(fatal|error): /#, with: "").prefix(Self.maxCauseCharacters)
        return text.hasSuffix(".") ? String(text.dropLast()) : String(text)
    }

    private static let maxCauseCharacters = 300
}
