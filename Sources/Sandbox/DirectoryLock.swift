import Foundation

/// Keeps a demo's directory to one demo at a time: a second one would take the first one's containers for
/// leftovers and remove them.
///
/// The lock is the kernel's (flock(2)), so it ends with the process, however that dies.
final class DirectoryLock: Sendable {
    private static let fileName = "lock"
    private static let maxProcessIDBytes = 20
    private static let maxTriesForTheDead = 100
    private static let pauseMicroseconds: UInt32 = 20_000

    private let file: Int32

    /// - Throws: a sentence that says who is there, or why the directory can't be used.
    init(_ directory: URL) throws {
        let path = directory.appending(path: Self.fileName).path
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw DemoError(
                "The folder \(directory.path) can't be used (\(path): \(String(cString: strerror(errno)))): "
                    + "check its owner and mode, or name another one with --dir.")
        }
        guard Self.lock(file) else {
            let owner = Self.processID(in: file).map { " (process \($0))" } ?? ""
            close(file)
            throw DemoError(
                "A demo runs in \(directory.path) already\(owner): "
                    + "end it, or name another folder with --dir.")
        }
        ftruncate(file, 0)
        let processID = "\(getpid())\n"
        _ = pwrite(file, processID, processID.utf8.count, 0)
    }

    /// A demo that was killed in the middle of starting a program leaves the lock to the child for the moment until
    /// that program runs.
    private static func lock(_ file: Int32) -> Bool {
        for _ in 0..<maxTriesForTheDead {
            if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
            guard let owner = processID(in: file), kill(pid_t(owner), 0) != 0, errno == ESRCH else { return false }
            usleep(pauseMicroseconds)
        }
        return flock(file, LOCK_EX | LOCK_NB) == 0
    }

    func unlock() { flock(file, LOCK_UN) }

    deinit { close(file) }

    private static func processID(in file: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: maxProcessIDBytes)
        let count = pread(file, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: bytes.prefix(count), as: UTF8.self).trimmingCharacters(in: .newlines))
    }
}
