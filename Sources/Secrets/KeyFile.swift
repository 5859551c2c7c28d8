import Foundation

/// Why a keyring's file can't be used, as a sentence about it.
package enum KeyFileError: Error, Sendable, Equatable {
    case missing(path: String)
    case unreadable(path: String, reason: String)
    /// Others than its owner may read or write it.
    case notPrivate(path: String, mode: UInt32)
    case broken(path: String, KeyringError)
    case unwritable(path: String, reason: String)
    /// Asked for one more key than there may be.
    case full(path: String)

    package var sentence: String {
        switch self {
        case .missing(let path): "\(path) is not there; `iterapp keys rotate` makes the first key."
        case .unreadable(let path, let reason): "\(path) can't be read: \(reason)."
        case .notPrivate(let path, let mode):
            "\(path) can be read or changed by others than its owner (mode \(String(mode, radix: 8))), and keys must "
                + "not; after `chmod 600 \(path)` it is taken."
        case .broken(let path, let error): "\(path) is no keyring: \(error.sentence)."
        case .unwritable(let path, let reason): "\(path) can't be written: \(reason)."
        case .full(let path):
            "\(path) has \(Keyring.maxKeys) keys, the most that are used; take out old ones with which nothing is "
                + "encrypted any more."
        }
    }
}

/// A keyring in a file that only its owner may read. Its calls block.
package struct KeyFile: Sendable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package func read() throws(KeyFileError) -> Keyring {
        try Self.keyring(read(resolved), path)
    }

    /// Puts a new key in front, or makes the file. Nobody ever reads half of it, and of two who do this at once, the
    /// second one keeps the key of the first.
    package func rotate() throws(KeyFileError) -> Keyring {
        let folder = open((resolved as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw unwritable() }
        // Lets go of the lock as well.
        defer { close(folder) }
        guard flock(folder, LOCK_EX) == 0 else { throw unwritable() }
        let (old, owner) = try existing()
        let keyring: Keyring
        do { keyring = try old.rotated() } catch { throw .full(path: path) }
        try write(keyring, owner)
        guard fsync(folder) == 0 else { throw unwritable() }
        return keyring
    }

    // MARK: Reading

    /// A link leads to what is read, and to what is replaced.
    private var resolved: String { URL(filePath: path).resolvingSymlinksInPath().path }

    private struct Content {
        let bytes: [UInt8]
        let status: stat
    }

    private func existing() throws(KeyFileError) -> (Keyring, stat?) {
        do {
            let content = try read(resolved)
            return (try Self.keyring(content, path), content.status)
        } catch {
            guard case .missing = error else { throw error }
            return (.empty, nil)
        }
    }

    private static func keyring(_ content: Content, _ path: String) throws(KeyFileError) -> Keyring {
        do {
            return try Keyring(text: String(decoding: content.bytes, as: UTF8.self))
        } catch { throw .broken(path: path, error) }
    }

    private func read(_ place: String) throws(KeyFileError) -> Content {
        // Without waiting for whoever should write into what is a pipe.
        let file = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw errno == ENOENT ? .missing(path: path) : unreadable() }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        var status = stat()
        guard fstat(file, &status) == 0 else { throw unreadable() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is no ordinary file")
        }
        guard status.st_mode & 0o077 == 0 else { throw .notPrivate(path: path, mode: status.st_mode & 0o777) }
        do {
            let bytes = try handle.read(upToCount: Keyring.maxTextBytes + 1) ?? Data()
            return Content(bytes: Array(bytes), status: status)
        } catch { throw .unreadable(path: path, reason: "reading failed") }
    }

    // MARK: Writing

    private func write(_ keyring: Keyring, _ old: stat?) throws(KeyFileError) {
        let place = resolved
        let draft = "\(place).\(getpid()).new"
        // Who had our number before may have been killed here. Nobody else writes now: the folder is locked.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw unwritable() }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        var isWritten = false
        defer { if !isWritten { unlink(draft) } }
        // Who rotates may be somebody else than the service that reads.
        if let old, old.st_uid != geteuid() || old.st_gid != getegid() {
            guard fchown(file, old.st_uid, old.st_gid) == 0 else { throw unwritable() }
        }
        do { try handle.write(contentsOf: Data(keyring.text.utf8)) } catch { throw unwritable() }
        guard fsync(file) == 0, rename(draft, place) == 0 else { throw unwritable() }
        isWritten = true
    }

    private func unreadable() -> KeyFileError { .unreadable(path: path, reason: String(cString: strerror(errno))) }
    private func unwritable() -> KeyFileError { .unwritable(path: path, reason: String(cString: strerror(errno))) }
}
