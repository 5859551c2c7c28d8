import Deploys
import Foundation
import Subprocess

/// A sample app: a Git repository that builds without any image registry, made once and never touched again.
struct SampleRepository: Sendable {
    var sample = Sample.cats
    /// Holds the repositories.
    let root: URL
    /// What commits start: outside of the repository, so that it can follow the demo around.
    let hook: URL

    var directory: URL { root.appending(path: sample.name, directoryHint: .isDirectory) }

    static let gitTimeLimit = Duration.seconds(30)

    func makeIfMissing() async throws {
        guard !FileManager.default.fileExists(atPath: directory.path) else { return }
        let programs = try await sample.programs()
        // Made elsewhere first: half a repository must not look like a whole one.
        let draft = root.appending(path: ".\(sample.name)-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: draft) }
        try write(to: draft, programs)
        try await commit(in: draft)
        try FileManager.default.moveItem(at: draft, to: directory)
    }

    private func write(to folder: URL, _ programs: [(path: String, file: URL)]) throws {
        let files = FileManager.default
        func place(_ path: String) throws -> URL {
            let file = folder.appending(path: path)
            try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            return file
        }
        for (path, text) in sample.texts {
            let file = try place(path)
            try Data(text.utf8).write(to: file)
            // A web server runs it by itself.
            if path.hasSuffix(".cgi") { try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path) }
        }
        for (path, program) in programs {
            let file = try place(path)
            try files.copyItem(at: program.resolvingSymlinksInPath(), to: file)
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
    }

    private func commit(in folder: URL) async throws {
        try await git(["init", "--quiet", "--initial-branch=main"], in: folder)
        // Whoever tries the demo may have no name set up for Git.
        try await git(["config", "user.name", "Cat Keeper"], in: folder)
        try await git(["config", "user.email", "cats@localhost"], in: folder)
        try await git(["add", "--all"], in: folder)
        try await git(["commit", "--quiet", "--no-verify", "-m", sample.message], in: folder)
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
        hook='\(hook.path.replacingEvery("'", with: "'\\''"))'
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
