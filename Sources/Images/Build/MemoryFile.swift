import CLinux
import Glibc
import Synchronization

/// A file in memory, for programs that this process starts: it has no name that could be left behind, and is gone when
/// it is closed, or when the process is killed.
final class MemoryFile: Sendable {
    /// For this process and those of the same user.
    let path: String
    private let descriptor: Mutex<Int32?>

    /// Nil where the system has no such files, or no room for this one.
    init?(_ bytes: [UInt8]) {
        let file = linux_memory_file("build")
        guard file >= 0 else { return nil }
        guard Self.write(bytes, to: file) else {
            Glibc.close(file)
            return nil
        }
        path = "/proc/\(getpid())/fd/\(file)"
        descriptor = Mutex(file)
    }

    deinit { close() }

    func close() {
        let file = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        if let file { Glibc.close(file) }
    }

    /// - Returns: whether all was written; errno says why not.
    static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
