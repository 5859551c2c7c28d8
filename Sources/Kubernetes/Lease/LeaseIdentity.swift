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

    /// A new name, which is noted for the processes to come. Call it while the directory is ours alone.
    /// - Parameters:
    ///   - hostName: in a pod, the pod's name.
    ///   - suffix: tells this process from all others.
    /// - Throws: when the directory cannot be written.
    package static func next(
        in stateDirectory: URL, hostName: String, suffix: String = hex(randomBytes(8))
    ) throws -> LeaseIdentity {
        let file = stateDirectory.appending(path: fileName)
        let noted = (try? Data(contentsOf: file)).map { String(decoding: $0.prefix(maxFileBytes), as: UTF8.self) }
        let predecessors = (noted ?? "").split(whereSeparator: \.isNewline).suffix(maxPredecessors).map(String.init)
        let name = "\(hostName)_\(suffix)"
        let lines = (predecessors + [name]).map { "\($0)\n" }.joined()
        try Data(lines.utf8).write(to: file, options: .atomic)
        return LeaseIdentity(name: name, predecessors: predecessors)
    }
}
