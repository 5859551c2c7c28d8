import Foundation
import Subprocess
import TestSupport

/// What becomes of one write of the service.
package enum FaultMode: String, CaseIterable, Sendable {
    /// Killed before it, in its middle, or after it.
    case before, half, after
    /// The power fails before it: what was not synced is gone.
    case power
    /// The power fails, and the disk had only pretended to sync. Nobody can keep a word on such a disk: the harness must
    /// find that out.
    case lie
    /// It fails once.
    case eio, enospc
    /// It fails, and all writes after it.
    case endlessEIO = "eio-on", endlessENOSPC = "enospc-on"

    var fails: Bool { [.eio, .enospc, .endlessEIO, .endlessENOSPC].contains(self) }
}

/// One of the service's writes below its state directory.
struct WritePoint: Sendable, Hashable {
    /// From 1, over all threads.
    let number: Int
    /// As in `pwrite`, `fdatasync`.
    let call: String
    /// Relative to the state directory.
    let file: String

    /// Of the journal, on which every promise rests. Other files are made anew when they are missing, and SQLite tells
    /// nobody when it can't sync a directory (os_unix.c, `unixSync`).
    var isJournalSync: Bool { (call == "fsync" || call == "fdatasync") && file.hasPrefix("iterapp") }
    /// The file without what is different each time.
    var kindOfFile: String {
        let parts = file.split(separator: "/")
        guard parts.count > 1 else { return file }
        return "\(parts[0])/…"
    }
}

/// A library that is preloaded into the service (`Faults/write_faults.c`), made for each run of the harness.
package struct FaultShim: Sendable {
    /// The calls that count, as `fdatasync`; all when there are none.
    package var calls: [String] = []
    private let library: URL
    private static let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Faults/write_faults.c")

    /// Compiles it.
    package init(in directory: URL) async throws {
        library = directory.appending(path: "write_faults.so")
        let arguments = ["-O2", "-shared", "-fPIC", "-o", library.path, Self.source.path, "-ldl"]
        var reasons: [String] = []
        for compiler in ["cc", "clang", "gcc"] {
            guard let result = try? await ProgramRun(compiler, arguments, timeLimit: .seconds(60)).run() else {
                reasons.append("\(compiler) was not found")
                continue
            }
            if result.exitCode == 0 { return }
            reasons.append("\(compiler): \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
        throw TestFailure("the library that spoils writes can't be compiled: \(reasons.joined(separator: "; "))")
    }

    /// Variables of a service whose `point`-th write is spoilt; 0 spoils none and reports all.
    func variables(_ stage: CrashStage, point: Int, mode: FaultMode, report: URL) -> [String: String] {
        var variables = [
            "LD_PRELOAD": library.path, "CRASH_PROGRAM": DemoProcess.binary.lastPathComponent,
            "CRASH_ROOT": stage.directory.appending(path: "state").path, "CRASH_REPORT": report.path,
            "CRASH_POINT": "\(point)", "CRASH_MODE": mode.rawValue,
        ]
        if !calls.isEmpty { variables["CRASH_CALLS"] = ",\(calls.joined(separator: ",")),"}
        return variables
    }

    static func points(in report: URL) -> [WritePoint] {
        let text = (try? String(contentsOf: report, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3, let number = Int(fields[0]) else { return nil }
            return WritePoint(number: number, call: fields[1], file: fields[2])
        }
    }
}
