import AppFile
import Deploys
import Foundation
import TOML

/// The operators' file of who may do what, in TOML:
///
///     [environments.prod]
///     deploy = ["team"]
///     needs_approval = true
///     channels = ["#releases"]
///
///     [apps]
///     register = ["team:platform"]
///
///     [teams.cats]
///     members = ["U012AB3CD", "S0614TZR7"]
///     apps = ["cats", "acme/barking"]
///
///     [teams.cats.environments.prod]
///     approve = ["team:platform"]
package struct PolicyFile: Sendable {
    static let maxFileBytes = 1 << 20
    static let maxTeams = 1_000
    static let maxEntriesPerList = 1_000
    static let maxProblems = 100

    /// Nil exactly when there is an error.
    package let policy: Policy?
    /// Ordered by their places; warnings are among them.
    package let problems: [Problem]

    package var errors: [Problem] { problems.filter { $0.severity == .error } }
    package var warnings: [Problem] { problems.filter { $0.severity == .warning } }

    /// - Parameter defaultOrganisation: of apps that are named without one.
    package init(_ bytes: [UInt8], path: String, defaultOrganisation: String) {
        guard bytes.count <= Self.maxFileBytes else {
            self.init(fault: "the file is larger than \(Self.maxFileBytes) bytes, the most that is read", path: path)
            return
        }
        let document = TOMLDocument(bytes)
        var check = PolicyFileCheck(path: path, defaultOrganisation: defaultOrganisation)
        for error in document.errors { check.add(error.position, error.message) }
        let policy = check.policy(document.table)
        let hasErrors = check.problems.contains { $0.severity == .error }
        self.init(policy: hasErrors ? nil : policy, problems: check.problems.sorted())
    }

    private init(policy: Policy?, problems: [Problem]) {
        self.policy = policy
        self.problems = problems
    }

    /// Reads the file on the calling thread. One that is not there is a problem: a mistyped path must not let
    /// everybody do everything.
    package static func read(_ path: String, defaultOrganisation: String) -> PolicyFile {
        guard let file = FileHandle(forReadingAtPath: path) else {
            return PolicyFile(fault: "the file cannot be read: \(String(cString: strerror(errno)))", path: path)
        }
        do {
            let bytes = Array(try file.read(upToCount: maxFileBytes + 1) ?? Data())
            return PolicyFile(bytes, path: path, defaultOrganisation: defaultOrganisation)
        } catch {
            return PolicyFile(fault: "the file cannot be read; it must be a text file", path: path)
        }
    }

    private init(fault: String, path: String) {
        self.init(policy: nil, problems: [Problem(path: path, line: 1, column: 1, message: fault)])
    }
}
