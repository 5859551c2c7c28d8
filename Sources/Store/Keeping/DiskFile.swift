import Foundation

/// What of files is on the disk whatever happens next.
enum DiskFile {
    /// - Throws: `KeepingError`.
    static func sync(_ path: String) throws(KeepingError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .system("\(path) can't be opened") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw .system("\(path) can't be brought to the disk") }
    }

    /// A file's new name is on the disk when its folder is (fsync(2)).
    static func syncFolder(of path: String) throws(KeepingError) { try sync(folder(of: path)) }

    static func folder(of path: String) -> String { URL(filePath: path).deletingLastPathComponent().path }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Nil when there is no such file.
    static func bytes(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// What programs without privileges may still write on the disk that holds this; nil when nobody knows.
    static func freeBytes(at path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }
}
