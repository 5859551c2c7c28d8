import Deploys
import Foundation
import Store

/// Backups of the journal, and putting one back.
package struct BackupTool: Sendable {
    private let directory: String

    /// For the state directory that the process's environment names.
    package init() { self.init(environment: ProcessInfo.processInfo.environment) }

    init(environment: [String: String]) {
        directory = SettingsReader(environment).text("ITERAPP_STATE_DIR") ?? Settings.usualStateDirectory
    }

    /// - Returns: what is in it, for people.
    /// - Throws: `InputProblem`
    package func make(_ file: String, overwriting: Bool) async throws -> String {
        try await onThread {
            let summary = try JournalBackup.make(of: directory, at: file, overwriting: overwriting)
            return """
                \(file) is a backup of \(directory): \(summary.words).
                It was read back and is whole. Build logs, the keys of encrypted values and settings are not in it.

                """
        }
    }

    /// - Returns: what was done, for people.
    /// - Throws: `InputProblem`
    package func restore(_ file: String) async throws -> String {
        try await onThread {
            let restored = try JournalRestore.put(file, into: directory, at: .now) { operation, report in
                report.ended(byRestoring: operation)
            }
            return (["\(directory) has the journal of \(file): \(restored.found.words)."] + restored.remarks)
                .joined(separator: "\n") + "\n"
        }
    }

    private func onThread(_ work: @escaping @Sendable () throws -> String) async throws -> String {
        let result: Result<String, any Error> = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Result { try work() }) }
        }
        do { return try result.get() } catch { throw InputProblem("\(error)") }
    }
}

extension JournalSummary {
    fileprivate var words: String {
        "\(apps) \(apps == 1 ? "app" : "apps"), \(operations) \(operations == 1 ? "operation" : "operations") "
            + "(\(unfinished) unfinished), \(waitingNotices) \(waitingNotices == 1 ? "message" : "messages") waiting, "
            + "format \(format), \(bytes) bytes"
    }
}

extension RestoredJournal {
    fileprivate var remarks: [String] {
        var lines: [String] = []
        if !ended.isEmpty {
            let names = ended.prefix(Self.maxNamed).map { "\($0.id) \($0.kind.rawValue) \($0.app.key)" }
            let others = ended.count - names.count
            lines.append(
                "Ended, as nobody knows what became of them: \(names.joined(separator: ", "))"
                    + (others > 0 ? " and \(others) others." : "."))
        }
        if let previous { lines.append("The journal that was there is \(previous) now; delete it when all is well.") }
        lines.append("What runs in the cluster is left as it is until each environment's next deploy.")
        return lines
    }

    private static let maxNamed = 20
}
