import Foundation
import Subprocess

/// The sample app `cats`: a Git repository that builds without any image registry, made once and never touched again.
struct SampleRepository: Sendable {
    static let name = "cats"

    /// Holds the repositories.
    let root: URL
    /// What commits start: outside of the repository, so that it can follow the demo around.
    let hook: URL

    var directory: URL { root.appending(path: Self.name, directoryHint: .isDirectory) }

    static let gitTimeLimit = Duration.seconds(30)

    func makeIfMissing() async throws {
        guard !FileManager.default.fileExists(atPath: directory.path) else { return }
        let busybox = try StaticBusybox.find()
        // Made elsewhere first: half a repository must not look like a whole one.
        let draft = root.appending(path: ".\(Self.name)-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: draft) }
        try write(to: draft, busybox)
        try await commit(in: draft)
        try FileManager.default.moveItem(at: draft, to: directory)
    }

    private func write(to folder: URL, _ busybox: URL) throws {
        let files = FileManager.default
        for (path, text) in SampleFiles.all {
            let file = folder.appending(path: path)
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try files.copyItem(at: busybox.resolvingSymlinksInPath(), to: folder.appending(path: "busybox"))
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.appending(path: "busybox").path)
    }

    private func commit(in folder: URL) async throws {
        try await git(["init", "--quiet", "--initial-branch=main"], in: folder)
        // Whoever tries the demo may have no name set up for Git.
        try await git(["config", "user.name", "Cat Keeper"], in: folder)
        try await git(["config", "user.email", "cats@localhost"], in: folder)
        try await git(["add", "--all"], in: folder)
        try await git(["commit", "--quiet", "--no-verify", "-m", "Let the cats out"], in: folder)
        for name in ["post-commit", "post-merge"] {
            let script = folder.appending(path: ".git/hooks/\(name)")
            try FileManager.default.createDirectory(
                at: script.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(hookScript.utf8).write(to: script)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        }
    }

    private var hookScript: String {
        """
        #!/bin/sh
        # Tells the running demo about the new commit, as GitHub's webhook would.
        hook='\(hook.path.replacing("'", with: "'\\''"))'
        [ -x "$hook" ] && exec "$hook"
        echo "The Iterapp demo that made this repository is gone: this commit is not deployed." >&2

        """
    }

    private func git(_ arguments: [String], in folder: URL) async throws {
        var run = ProgramRun("git", arguments, timeLimit: Self.gitTimeLimit)
        run.directory = folder.path
        run.environment = ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_DIR": nil]
        let result: ProgramResult
        do throws(ProgramError) { result = try await run.run() } catch {
            throw DemoError("The sample repository can't be made: \(error.description)")
        }
        guard result.exitCode == 0 else {
            let reason = String(decoding: result.errorOutput, as: UTF8.self)
            throw DemoError("The sample repository can't be made: git \(arguments[0]): \(reason)")
        }
    }
}

/// Why the demo can't start: a sentence that says what to do.
struct DemoError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
