import AppFile
import Foundation
import TOML

/// The operators' file of who may do what, in TOML:
///
///     [namespaces.apps-cats-prod]
///     edit = ["kari@example.com", "group:platform@example.com"]
///     view = ["group:everybody@example.com"]
package struct AccessFile: Sendable {
    static let maxFileBytes = 1 << 20
    static let maxNamespaces = 5_000
    static let maxSubjectsPerList = 500
    static let maxSubjectBytes = 512
    static let maxProblems = 100

    /// Nil exactly when there is a problem.
    package let grants: AccessGrants?
    /// Ordered by their places.
    package let problems: [Problem]

    package init(_ bytes: [UInt8], path: String) {
        guard bytes.count <= Self.maxFileBytes else {
            self.init(fault: "the file is larger than \(Self.maxFileBytes) bytes, the most that is read", path: path)
            return
        }
        let document = TOMLDocument(bytes)
        var check = AccessFileCheck(path: path)
        for error in document.errors { check.add(error.position, error.message) }
        let grants = check.grants(document.table)
        self.init(grants: check.problems.isEmpty ? grants : nil, problems: check.problems.sorted())
    }

    private init(grants: AccessGrants?, problems: [Problem]) {
        self.grants = grants
        self.problems = problems
    }

    /// Reads the file on the calling thread. One that is not there is a problem: a mistyped path must not take
    /// everybody's access away.
    package static func read(_ path: String) -> AccessFile {
        guard let file = FileHandle(forReadingAtPath: path) else {
            return AccessFile(fault: "the file cannot be read: \(String(cString: strerror(errno)))", path: path)
        }
        do {
            return AccessFile(Array(try file.read(upToCount: maxFileBytes + 1) ?? Data()), path: path)
        } catch {
            return AccessFile(fault: "the file cannot be read; it must be a text file", path: path)
        }
    }

    private init(fault: String, path: String) {
        self.init(grants: nil, problems: [Problem(path: path, line: 1, column: 1, message: fault)])
    }
}
