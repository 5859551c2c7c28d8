import Crypto
import Foundation

/// By what name a process holds the Lease, and whose Lease it may take over without waiting.
package struct LeaseIdentity: Sendable, Equatable {
    package let name: String
    /// The process that used our state directory before. The journal's lock lets one process in, so that one is dead,
    /// and waiting for its Lease to run out would only make a restart slow.
    package let predecessor: String?

    package init(name: String, predecessor: String? = nil) {
        self.name = name
        self.predecessor = predecessor
    }

    private static let fileName = "lease-holder"
    private static let maxFileBytes = 1 << 10

    /// A new name, which is noted for the next process. Call it while the directory is ours alone.
    /// - Parameters:
    ///   - hostName: in a pod, the pod's name.
    ///   - suffix: tells this process from all others.
    /// - Throws: when the directory cannot be written.
    package static func next(
        in stateDirectory: URL, hostName: String, suffix: String = hex(randomBytes(8))
    ) throws -> LeaseIdentity {
        let file = stateDirectory.appending(path: fileName)
        let noted = (try? Data(contentsOf: file)).map { String(decoding: $0.prefix(maxFileBytes), as: UTF8.self) }
        let predecessor = noted?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        let name = "\(hostName)_\(suffix)"
        try Data("\(name)\n".utf8).write(to: file, options: .atomic)
        return LeaseIdentity(name: name, predecessor: predecessor.isEmpty ? nil : predecessor)
    }
}
