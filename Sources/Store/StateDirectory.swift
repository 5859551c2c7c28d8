import Deploys
import Foundation
import Synchronization

/// The directory that holds the journal, locked for one process at a time.
///
/// The lock is the kernel's (flock), so it ends with the process, however that dies.
final class StateDirectory: Sendable {
    private static let maxProcessIDBytes = 20

    let path: String
    /// The lock file while the lock is held; guarded by the mutex because two threads may let go of it.
    private let lockFile: Mutex<Int32?>

    /// Makes the directory if it is missing.
    init(_ url: URL) throws(JournalError) {
        path = url.path
        try Self.make(url)
        lockFile = Mutex(try Self.lock(url.path))
    }

    deinit { unlock() }

    var database: String { Self.database(in: path) }

    static func database(in directory: String) -> String { directory + "/iterapp.db" }

    func unlock() {
        lockFile.withLock { file in
            guard let open = file else { return }
            // Unlocked by name: a child process between fork and exec still shares the descriptor.
            flock(open, LOCK_UN)
            Glibc.close(open)
            file = nil
        }
    }

    private static func make(_ url: URL) throws(JournalError) {
        guard !FileManager.default.fileExists(atPath: url.path) else { return }
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unavailable(
                "the state directory \(url.path) can't be made (\(error.localizedDescription)); "
                    + "name one that can, in ITERAPP_STATE_DIR")
        }
        syncDirectory(url.deletingLastPathComponent().path)
    }

    /// A new directory's name is on disk only when its parent is (fsync(2)).
    private static func syncDirectory(_ path: String) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        Glibc.close(directory)
    }

    private static func lock(_ directory: String) throws(JournalError) -> Int32 {
        let path = directory + "/lock"
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let cause = String(cString: strerror(errno))
            throw .unavailable(
                "the state directory \(directory) can't be used (\(path): \(cause)); "
                    + "check its owner and mode")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let owner = readProcessID(file).map { " (\($0))" } ?? ""
            Glibc.close(file)
            throw .unavailable(
                "the state directory \(directory) is in use by another process\(owner); "
                    + "stop that one, or name another directory in ITERAPP_STATE_DIR")
        }
        ftruncate(file, 0)
        let processID = "\(getpid())\n"
        _ = pwrite(file, processID, processID.utf8.count, 0)
        return file
    }

    private static func readProcessID(_ file: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: maxProcessIDBytes)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0, let number = Int(String(decoding: bytes.prefix(count), as: UTF8.self).trimmed)
        else { return nil }
        return String(number)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
