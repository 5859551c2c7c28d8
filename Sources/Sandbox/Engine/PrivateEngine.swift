import Foundation
import HTTP
import Subprocess

/// A Docker Engine of the demo's own, for machines where none runs. It outlives a demo that was killed, with
/// its containers, and the next demo in the same directory uses it again.
package struct PrivateEngine: Sendable {
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case cannotStart(program: String, reason: String)
        case tooLate(seconds: Int, log: String, lastLines: [String])
        case died(log: String, lastLines: [String])

        package var description: String {
            switch self {
            case .cannotStart(let program, let reason): "\(program) cannot be started: \(reason)"
            case .tooLate(let seconds, let log, let lines):
                "The Docker Engine did not answer within \(seconds) s; see \(log), which ends with:\n"
                    + lines.joined(separator: "\n")
            case .died(let log, let lines):
                "The Docker Engine ended right after its start; see \(log), which ends with:\n"
                    + lines.joined(separator: "\n")
            }
        }
    }

    /// Data and log, below the demo's directory.
    let directory: URL
    /// Socket, process id and the engine's own sockets. Short, because a Unix socket's path has at most 107
    /// bytes (unix(7)), whatever the length of the demo's directory.
    let runDirectory: URL
    let program: String
    /// All that dockerd sees of our environment: the proxy settings, say, but no secrets.
    var environment: [String: String]
    /// Appended to dockerd's command line.
    var extraArguments: [String] = []

    /// - Parameter directory: the demo's directory; two demos in two directories get two engines.
    package init(
        program: String, directory: URL, environment: [String: String], runRoot: String = "/run"
    ) {
        self.program = program
        self.environment = environment
        self.directory = directory.appending(path: "engine", directoryHint: .isDirectory)
        let name = "iterapp-" + ClusterID(directory: directory).text
        runDirectory = URL(filePath: runRoot, directoryHint: .isDirectory)
            .appending(path: name, directoryHint: .isDirectory)
    }

    package var socketPath: String { runDirectory.appending(path: "docker.sock").path }
    var logPath: String { directory.appending(path: "dockerd.log").path }
    var pidPath: String { runDirectory.appending(path: "docker.pid").path }

    /// Starts the engine, or finds it running from before, and waits until it answers.
    package func start(http: HTTPClient, deadline: Duration = .seconds(60)) async throws {
        let client = DockerEngineClient(socketPath: socketPath, http: http)
        if (try? await client.ping()) != nil { return }
        do {
            for folder in [directory, runDirectory] {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            }
        } catch { throw Failure.cannotStart(program: program, reason: error.localizedDescription) }
        let process: RunningProgram
        do throws(ProgramError) {
            process = try RunningProgram(
                program, arguments, environment: environment, inheritsEnvironment: false, logFile: logPath)
        } catch { throw Failure.cannotStart(program: program, reason: "\(error)") }
        let end = ContinuousClock.now + deadline
        while ContinuousClock.now < end {
            if (try? await client.ping()) != nil { return }
            guard process.isRunning else { throw Failure.died(log: logPath, lastLines: lastLogLines()) }
            try await Task.sleep(for: .milliseconds(100))
        }
        await process.terminate(grace: .seconds(5))
        throw Failure.tooLate(
            seconds: Int(deadline.components.seconds), log: logPath, lastLines: lastLogLines())
    }

    /// SIGTERM, then waits until the process is gone; SIGKILL after `grace`. Containers end with it.
    package func stop(grace: Duration = .seconds(15)) async {
        guard let id = processID else { return }
        kill(id, SIGTERM)
        let end = ContinuousClock.now + grace
        // It takes its process id file away before it ends.
        while Self.runs(id), ContinuousClock.now < end {
            // In a task of its own, because a cancelled demo still has to stop its engine.
            await Task { try? await Task.sleep(for: .milliseconds(50)) }.value
        }
        if Self.runs(id) { kill(id, SIGKILL) }
        try? FileManager.default.removeItem(at: runDirectory)
    }

    private var arguments: [String] {
        [
            "--host", "unix://" + socketPath,
            "--data-root", directory.appending(path: "data").path,
            "--exec-root", runDirectory.appending(path: "exec").path,
            "--pidfile", pidPath,
        ] + extraArguments
    }

    /// From the process id file, if that process is still a dockerd: ids are used again.
    private var processID: pid_t? {
        guard let text = try? String(contentsOfFile: pidPath, encoding: .utf8),
            let id = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), Self.runs(id)
        else { return nil }
        return id
    }

    /// Whether it is a dockerd that has not ended: `123 (dockerd) S …` (proc(5), /proc/pid/stat).
    private static func runs(_ id: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
        let words = text.split(separator: " ")
        return words.count > 2 && words[1].hasPrefix("(dockerd") && words[2] != "Z"
    }

    private func lastLogLines() -> [String] {
        let maxLines = 10
        let maxTailBytes: UInt64 = 16 << 10
        guard let file = FileHandle(forReadingAtPath: logPath) else { return [] }
        defer { try? file.close() }
        let size = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: size > maxTailBytes ? size - maxTailBytes : 0)
        let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").suffix(maxLines).map(String.init)
    }
}
