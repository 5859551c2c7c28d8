import Deploys
import Foundation

/// Why a build failed, in words that its author can act on, from what the client printed.
///
/// BuildKit's texts were recorded from engine 20.10 with its own client and with buildx, and from BuildKit itself with
/// `buildctl`; others follow its source (solver/errdefs, frontend/dockerfile, executor).
struct BuildFailure {
    private let record: BuildRecord
    private let dockerfile: Dockerfile
    private let image: ImageName
    private let place: BuildPlace
    private let exitCode: Int32

    /// - Parameter exitCode: the client's.
    init(_ record: BuildRecord, _ dockerfile: Dockerfile, _ image: ImageName, _ place: BuildPlace, exitCode: Int32) {
        self.record = record
        self.dockerfile = dockerfile
        self.image = image
        self.place = place
        self.exitCode = exitCode
    }

    var error: BuildError {
        guard let step = record.failedStep, let error = step.error else { return errorWithoutStep }
        let name = StepName(step.name)
        let reason = Self.reason(error)
        if name.isExport, !reason.hasPrefix("failed to export") {
            return PushProblem(image, place).error(reason, [])
        }
        if Self.isDiskFull(reason) || step.tail.contains(where: Self.isDiskFull) {
            return .diskFull(
                "\(name.sentenceStart) found no space on \(place.name)'s disk; free some with `\(place.cleaning)`.")
        }
        if Self.isEngineTrouble(reason) {
            return .engineUnavailable(
                "\(place.sentenceStart) could not run a step of the build (\(reason)); restart it.")
        }
        if let image = name.image {
            return .failed(sentence: ImageProblem(image, name, reason, place).sentence, tail: [])
        }
        return .failed(sentence: sentence(name, reason, step.tail) + place(name), tail: step.tail)
    }

    // MARK: a step failed

    private func sentence(_ name: StepName, _ reason: String, _ tail: [String]) -> String {
        if let last = tail.last, let cause = last.firstMatch(of: #/unable to start container process: (.*)/#)
        {
            return "\(name.sentenceStart) could not start: \(cause.1)"
        }
        if let match = reason.firstMatch(of: #/exit code: (\d+)$/#), let code = Int(match.1) {
            return "\(name.sentenceStart) ended with exit code \(code)\(Self.meaning(code))"
        }
        if let path = Self.missingPath(reason) { return missing(path, name) }
        return "\(name.sentenceStart) failed: \(reason)"
    }

    /// What shells mean by it (POSIX, Shell Command Language, 2.8.2), and 128 + a signal's number.
    private static func meaning(_ exitCode: Int) -> String {
        switch exitCode {
        case 126: " (a command is not executable)"
        case 127: " (a command was not found)"
        case 137: " (it was killed, perhaps for want of memory)"
        case 139: " (it crashed)"
        case 143: " (it was told to stop)"
        default: ""
        }
    }

    private func missing(_ path: String, _ name: StepName) -> String {
        if let stage = name.text.firstMatch(of: #/--from=(\S+)/#) {
            return "\(name.sentenceStart): there is no \(quoted(path)) in \(quoted(String(stage.1)))"
        }
        if dockerfile.contextHolds(path) {
            return "\(name.sentenceStart): \(quoted(path)) is in the commit, but `.dockerignore` keeps it "
                + "out of the build"
        }
        return "\(name.sentenceStart): there is no \(quoted(path)) in the commit"
    }

    /// The path that a COPY or ADD did not find, relative to what it copies from.
    private static func missingPath(_ reason: String) -> String? {
        if let match = reason.firstMatch(of: #/"\/([^"]+)":? not found/#) { return String(match.1) }
        // Before a pattern is matched, its folder is looked up where the engine has mounted the context.
        let pattern = #/lstat (?:\S*\/buildkit-mount\d+)?\/(.+): no such file or directory/#
        return reason.firstMatch(of: pattern).map { String($0.1) }
    }

    /// ` (line 4 of `Dockerfile`).`
    private func place(_ name: StepName) -> String {
        let line = record.reportedLine ?? DockerfileLines.line(of: name.text, in: dockerfile.text)
        return line.map { " (line \($0) of \(quoted(dockerfile.path)))." } ?? "."
    }

    /// What is behind the command that the error repeats; the command may say anything.
    private static func reason(_ error: String) -> String {
        for (start, end) in [
            ("executor failed running [", "]: "), ("process \"", "did not complete successfully: "),
        ]
        where error.hasPrefix(start) {
            if let range = error.range(of: end, options: .backwards) {
                return String(error[range.upperBound...])
            }
        }
        return error
    }

    private static func isDiskFull(_ text: String) -> Bool {
        text.range(of: "no space left on device", options: .caseInsensitive) != nil
            || text.contains("disk quota exceeded")
    }

    /// The engine failed to set up what a step runs in.
    private static func isEngineTrouble(_ reason: String) -> Bool {
        [
            "failed to create endpoint", "network bridge not found", "code = Unavailable",
            "transport is closing",
        ]
        .contains { reason.contains($0) }
    }

    // MARK: no step failed

    private var errorWithoutStep: BuildError {
        let last = Self.withoutPrefixes(record.lastWord)
        if Self.isDiskFull(last) {
            return .diskFull("The disk of \(place.name) is full (\(last)); free some with `\(place.cleaning)`.")
        }
        if isLostConnection {
            return .engineUnavailable(
                "\(place.sentenceStart) at \(place.host) went away in the middle of the build (\(last)); "
                    + "see that it runs.")
        }
        if Self.silentTexts.contains(where: last.contains) { return .engineUnavailable(place.silence(last)) }
        let shown = quoted(dockerfile.path)
        if let match = last.firstMatch(of: #/dockerfile parse error (?:on )?line (\d+): (.*)/#) {
            return .failed(sentence: "Line \(match.1) of \(shown): \(match.2).", tail: [])
        }
        if last.contains("cannot be empty") || last.contains("file with no instructions") {
            return .failed(sentence: "\(shown) is empty.", tail: [])
        }
        if last.contains("no build stage in current context") {
            return .failed(sentence: "\(shown) must begin with `FROM`.", tail: [])
        }
        let cause = last.isEmpty ? "its client ended with exit code \(exitCode)" : last
        return .failed(sentence: "\(shown) could not be built: \(cause).", tail: record.tail)
    }

    /// Whether all was built, and the registry did not take it for a reason that may be gone in a moment.
    var isPushTrouble: Bool {
        guard let step = record.failedStep, StepName(step.name).isExport, case .engineUnavailable = error else {
            return false
        }
        return true
    }

    /// Whether the build broke off because its client lost the connection: another one may do.
    var isLostConnection: Bool {
        let last = Self.withoutPrefixes(record.lastWord)
        if Self.silentTexts.contains(where: last.contains) { return false }
        return Self.goneTexts.contains(where: last.hasPrefix) || last.contains("code = Unavailable desc")
    }

    private static let goneTexts = [
        "unexpected EOF", "EOF", "Unavailable: ", "error reading from server", "transport is closing",
        "connection reset by peer",
        "failed to receive status", "graceful_stop", "closing transport", "context canceled", "Canceled: ",
    ]
    private static let silentTexts = [
        "annot connect to the Docker daemon", "error during connect", "failed to dial gRPC", "dial unix",
        "permission denied while trying to connect", "failed to list workers",
    ]

    /// The last word without the names of the parts of BuildKit that it came through.
    private static func withoutPrefixes(_ text: String) -> String {
        let prefixes = [
            "ERROR: ", "error: ", "failed to build: ", "failed to solve: ", "rpc error: code = Unknown desc = ",
            "failed to solve with frontend dockerfile.v0: ", "failed to create LLB definition: ",
        ]
        var rest = text[...]
        while let prefix = prefixes.first(where: rest.hasPrefix) { rest = rest.dropFirst(prefix.count) }
        return String(rest)
    }
}
