import Foundation
import Subprocess

/// A repository as its developers have it in front of them.
package struct GitRepository: Sendable {
    package let directory: URL

    package init(directory: URL) { self.directory = directory }

    @discardableResult
    package func git(_ arguments: String...) async throws -> String {
        var run = ProgramRun("git", arguments, timeLimit: .seconds(30))
        run.directory = directory.path
        let result = try await run.run()
        let errors = String(decoding: result.errorOutput, as: UTF8.self)
        guard result.exitCode == 0 else { throw TestFailure("git \(arguments): \(errors)") }
        return String(decoding: result.output, as: UTF8.self) + errors
    }

    package func head() async throws -> String {
        try await git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Writes files (nil removes one) and commits them on the branch that is checked out.
    /// - Returns: what Git and its hooks said.
    @discardableResult
    package func commit(_ files: [String: String?], _ subject: String) async throws -> String {
        for (path, text) in files {
            let file = directory.appending(path: path)
            if let text {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            } else {
                try FileManager.default.removeItem(at: file)
            }
        }
        try await git("add", "--all")
        return try await git("commit", "-m", subject)
    }

    /// Makes an app that serves `Hello from NAME`, with a static busybox and without a base image. No hook: nothing
    /// happens by itself.
    package func make(_ files: [String: String?] = [:]) async throws {
        let name = directory.lastPathComponent
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try await git("init", "--quiet", "--initial-branch=main")
        try await git("config", "user.name", "Cat Keeper")
        try await git("config", "user.email", "cats@localhost")
        let busybox = directory.deletingLastPathComponent().appending(path: "cats/busybox")
        try FileManager.default.copyItem(at: busybox, to: directory.appending(path: "busybox"))
        let usual: [String: String?] = [
            "Dockerfile": Self.dockerfile, "site/index.html": "Hello from \(name)\n", "site/health": "ok\n",
        ]
        try await commit(usual.merging(files) { $1 }, "Begin")
    }

    package static let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        COPY site /site
        ENTRYPOINT \(shell("/bin/busybox httpd -f -p 3000 -h /site"))

        """

    /// The exec form of a command that ends at once when it is told to.
    package static func shell(_ command: String) -> String {
        #"["/bin/busybox", "sh", "-c", "trap 'exit 0' TERM; \#(command) & wait"]"#
    }
}
