import AppFile

/// A tree that remembers the files that were read from it.
final class RecordingTree<Tree: FileTree>: FileTree {
    private let tree: Tree
    /// By path.
    private(set) var files: [String: [UInt8]] = [:]

    init(_ tree: Tree) { self.tree = tree }

    func read(_ path: String) throws(FileTreeError) -> [UInt8]? {
        let bytes = try tree.read(path)
        files[path] = bytes
        return bytes
    }

    func isFolder(_ path: String) throws(FileTreeError) -> Bool { try tree.isFolder(path) }
}
