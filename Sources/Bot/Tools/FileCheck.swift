import AppFile

/// What is wrong with files that somebody asked to look at.
package protocol FileCheck: Sendable {
    var problems: [Problem] { get }
    /// The files that were read, by path.
    var sources: [String: [UInt8]] { get }
    /// One sentence.
    var summary: String { get }
}

extension FileCheck {
    package var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// "2 errors and 1 warning"
    var countedProblems: String {
        let counts = [Problem.Severity.error, .warning].compactMap { severity -> String? in
            let count = problems.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        return counts.joined(separator: " and ")
    }
}
