import Deploys
import Foundation
import Subprocess

/// A folder of somebody at a terminal that may be the root of a Git repository.
package struct WorkTree: Sendable {
    private let directory: String
    private let environment: [String: String]

    private static let timeLimit = Duration.seconds(10)

    /// - Parameter environment: what Git may see. The person's own settings count, unlike for the repositories of the
    ///   service: they say which folders of other people are trusted.
    package init(_ directory: String, environment: [String: String]) {
        self.directory = directory
        self.environment = environment
    }

    /// The commit that is checked out; nil when the folder is no repository's root.
    /// - Throws: when it is one and Git does not tell.
    package func commit() async throws(WorkTreeError) -> CommitID? {
        // What Git finds further up is about another root, whose settings are others.
        var status = stat()
        guard lstat(directory + "/.git", &status) == 0 else { return nil }
        var git = ProgramRun(
            "git", ["-C", directory, "rev-parse", "--verify", "HEAD^{commit}"], timeLimit: Self.timeLimit)
        git.inheritsEnvironment = false
        git.environment = environment.merging(["LC_ALL": "C"]) { _, own in own }.mapValues(Optional.some)
        let result: ProgramResult
        do throws(ProgramError) { result = try await git.run() } catch {
            throw WorkTreeError(sentence: "The commit is not known: \(error).")
        }
        let answer = String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .newlines)
        if result.exitCode == 0, let commit = CommitID(answer) { return commit }
        let reason = String(decoding: result.errorOutput, as: UTF8.self).split(separator: "\n").first
        throw WorkTreeError(
            sentence: "Git does not tell the commit of \(directory)\(reason.map { " (\($0))" } ?? "").")
    }
}

package struct WorkTreeError: Error, Sendable, Equatable {
    package let sentence: String
}
