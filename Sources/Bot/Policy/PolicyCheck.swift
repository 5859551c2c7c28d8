import AppFile
import Foundation

/// What is wrong with a policy file, for an operator who changes one.
package struct PolicyCheck: FileCheck {
    package let problems: [Problem]
    /// The file that was read, by its path.
    package let sources: [String: [UInt8]]

    /// Apps without an organisation are of the one that the process's environment names.
    package init(path: String) {
        let reader = SettingsReader(ProcessInfo.processInfo.environment)
        let file = PolicyFile.read(
            path, defaultOrganisation: reader.text("ITERAPP_DEFAULT_ORG") ?? SettingsReader.usualOrganisation)
        problems = file.problems
        sources = FileManager.default.contents(atPath: path).map { [path: Array($0)] } ?? [:]
    }

    /// "2 errors and 1 warning."
    package var summary: String {
        problems.isEmpty ? "No problems." : "\(countedProblems)."
    }
}
