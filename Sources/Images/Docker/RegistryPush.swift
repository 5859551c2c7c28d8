import Deploys
import Foundation
import Subprocess
import Synchronization

/// Puts images into a registry, with the credentials of the client's configuration (`docker login`).
struct RegistryPush {
    let engine: DockerEngine
    let timeLimit: Duration

    private static let questionTimeLimit = Duration.seconds(30)

    /// - Returns: the image by its digest, which no later push changes.
    func push(
        _ name: ImageName, onLine: @escaping @Sendable (String) -> Void
    ) async throws(BuildError) -> ImageReference {
        let tail = Mutex<[String]>([])
        let result = try await run(["push", "--", name.text], timeLimit: timeLimit) { line in
            let text = TerminalText.clean(line)
            tail.withLock { $0 = $0.suffix(BuildRecord.maxTailLines - 1) + [text] }
            onLine(text)
        }
        let lines = tail.withLock { $0 }
        guard result.exitCode == 0 else { throw failure(name, lines) }
        // `1a2b3c4-12: digest: sha256:… size: 528`
        for line in lines.reversed() {
            if let match = line.firstMatch(of: #/digest: (sha256:[0-9a-f]{64})/#) {
                return ImageReference("\(name.repository)@\(match.1)")
            }
        }
        throw .failed(
            sentence: "The registry took \(quoted(name.text)) but did not tell its digest.", tail: lines)
    }

    /// Whether the registry has the image; nil when it does not answer, or not to us.
    func has(_ image: String) async -> Bool? {
        var arguments = ["manifest", "inspect"]
        // Docker takes registries on the machine itself without TLS; this command wants to be told.
        if image.hasPrefix("localhost:") || image.hasPrefix("127.0.0.1:") { arguments.append("--insecure") }
        arguments += ["--", image]
        guard let result = try? await run(arguments, timeLimit: Self.questionTimeLimit) else { return nil }
        if result.exitCode == 0 { return true }
        let reason = String(decoding: result.errorOutput, as: UTF8.self).lowercased()
        return ["no such manifest", "manifest unknown", "not found"].contains { reason.contains($0) } ? false : nil
    }

    private func run(
        _ arguments: [String], timeLimit: Duration, onLine: (@Sendable (String) -> Void)? = nil
    ) async throws(BuildError) -> ProgramResult {
        do { return try await engine.run(arguments, timeLimit: timeLimit, onLine: onLine) } catch {
            switch error {
            case .build(let error): throw error
            case .timedOut: throw .timedOut(afterSeconds: Int(timeLimit.components.seconds), tail: [])
            }
        }
    }

    /// - Parameter lines: the last ones that the client printed.
    func failure(_ name: ImageName, _ lines: [String]) -> BuildError {
        let cause = lines.last { !$0.isEmpty } ?? "no reason given"
        if cause.contains("annot connect to the Docker daemon") {
            return .engineUnavailable(engine.silence(cause))
        }
        return PushProblem(name, engine.place).error(cause, lines)
    }
}
