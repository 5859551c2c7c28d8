/// The files of one commit, by path relative to the repository's root, such as
/// `frontend/iterapp.toml`.
package protocol FileTree {
    /// The file's bytes; nil when there is no file of that name.
    func read(_ path: String) throws(FileTreeError) -> [UInt8]?

    /// Whether the path is a folder inside the tree.
    func isFolder(_ path: String) throws(FileTreeError) -> Bool
}

/// Why a file of a tree cannot be read.
package enum FileTreeError: Error, Sendable, Equatable {
    /// The path, or a symbolic link on it, leaves the tree.
    case outsideTree
    case isFolder
    /// Neither a file nor a folder: a socket, a device, a pipe.
    case notRegular
    case tooLarge(maxBytes: Int)
    /// Why, such as the operating system's "Permission denied".
    case unreadable(String)
}
