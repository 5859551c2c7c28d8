import Foundation

/// The files below one directory, for instance of a commit that was checked out.
///
/// The repository's authors choose what lies there, so nothing is trusted: symbolic links are
/// followed only while they stay inside the directory, and pipes, devices and oversized files
/// are refused instead of read.
package struct DirectoryTree: FileTree, Sendable {
    package let root: URL

    /// Largest file that is read.
    package let maxFileBytes: Int

    package init(root: URL, maxFileBytes: Int = AppFile.maxFileBytes) {
        self.root = root
        self.maxFileBytes = maxFileBytes
    }

    package func read(_ path: String) throws(FileTreeError) -> [UInt8]? {
        guard let file = try resolve(path) else { return nil }
        // Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
        let descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(errorText()) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errorText()) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .isFolder
        default: throw .notRegular
        }
        guard status.st_size <= maxFileBytes else { throw .tooLarge(maxBytes: maxFileBytes) }
        return try readAll(descriptor)
    }

    package func isFolder(_ path: String) throws(FileTreeError) -> Bool {
        guard let folder = try resolve(path) else { return false }
        var status = stat()
        guard stat(folder, &status) == 0 else { throw .unreadable(errorText()) }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// The real path behind `path`; nil when nothing is there.
    private func resolve(_ path: String) throws(FileTreeError) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.hasPrefix("/"), !path.utf8.contains(0), !parts.contains("..") else {
            throw .outsideTree
        }
        guard let base = realPath(root.path) else { throw .unreadable(errorText()) }
        let joined = base + "/" + path
        guard let real = realPath(joined) else {
            let reason = errno
            if reason == ELOOP { throw .unreadable("it is a symbolic link that leads in a circle") }
            guard reason == ENOENT || reason == ENOTDIR else {
                throw .unreadable(String(cString: strerror(reason)))
            }
            var status = stat()
            // A link to nothing is a mistake; treating it as absent would hide it.
            if lstat(joined, &status) == 0 { throw .unreadable("it is a symbolic link to nothing") }
            return nil
        }
        guard real == base || base == "/" || real.hasPrefix(base + "/") else {
            throw .outsideTree
        }
        return real
    }

    private func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func readAll(_ descriptor: Int32) throws(FileTreeError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(errorText()) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            // The file may have grown since its size was looked up.
            guard bytes.count <= maxFileBytes else { throw .tooLarge(maxBytes: maxFileBytes) }
        }
    }

    private func errorText() -> String { String(cString: strerror(errno)) }
}
