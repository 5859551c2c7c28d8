import Crypto
import Foundation

/// By what name a process holds the Lease, and whose Lease it may take over without waiting.
package struct LeaseIdentity: Sendable, Equatable {
    package let name: String
    /// The processes that used our state directory before. The journal's lock lets one process in, so those are dead,
    /// and waiting for a Lease of theirs to run out would only make a restart slow. The last one may have ended before
    /// it held the Lease.
    package let predecessors: [String]

    package init(name: String, predecessors: [String] = []) {
        self.name = name
        self.predecessors = predecessors
    }

    private static let fileName = "lease-holder"
    private static let maxFileBytes = 64 << 10
    private static let maxPredecessors = 32

    private static let maxBootIDCharacters = 64

    /// A new name, which is noted for the processes to come. Call it while the directory is ours alone.
    /// - Parameters:
    ///   - hostName: in a pod, the pod's name.
    ///   - suffix: tells this process from all others.
    ///   - bootID: tells this boot of this machine from all others; empty when the system does not say.
    /// - Throws: when the directory cannot be written.
    package static func next(
        in stateDirectory: URL, hostName: String, suffix: String = hex(randomBytes(8)), bootID: String = bootID()
    ) throws -> LeaseIdentity {
        let file = stateDirectory.appending(path: fileName)
        let noted = (try? Data(contentsOf: file)).map { String(decoding: $0.prefix(maxFileBytes), as: UTF8.self) }
        let lines = (noted ?? "").split(whereSeparator: \.isNewline).map(String.init)
        let place = try place(of: stateDirectory, bootID)
        // In a copy of the directory stand the names of bots that may well be at work on the original.
        let predecessors = lines.first == place ? Array(lines.dropFirst().suffix(maxPredecessors)) : []
        let name = "\(hostName)_\(suffix)"
        let text = ([place] + predecessors + [name]).map { "\($0)\n" }.joined()
        try Data(text.utf8).write(to: file, options: .atomic)
        return LeaseIdentity(name: name, predecessors: predecessors)
    }

    /// Which directory it is: a snapshot of a volume has the same inodes, and another machine may give it the same
    /// device number. When it changes without a copy, as after a reboot, a dead holder's Lease just has to run out.
    private static func place(of directory: URL, _ bootID: String) throws -> String {
        var status = stat()
        guard stat(directory.path(percentEncoded: false), &status) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        return "directory \(status.st_dev) \(status.st_ino) \(bootID)"
    }

    /// See proc_sys_kernel(5), `random`.
    package static func bootID() -> String {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return String((text ?? "").trimmingCharacters(in: .whitespacesAndNewlines).prefix(maxBootIDCharacters))
    }
}
