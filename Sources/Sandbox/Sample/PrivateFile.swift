import Foundation

/// Files that only their owner may read.
enum PrivateFile {
    /// Writes beside the file and renames, so that nobody ever reads half of it.
    static func write(_ bytes: [UInt8], to file: URL, mode: Int) throws {
        let draft = file.deletingLastPathComponent().appending(path: ".\(file.lastPathComponent).\(getpid())")
        guard FileManager.default.createFile(
            atPath: draft.path, contents: Data(bytes), attributes: [.posixPermissions: mode])
        else { throw DemoError("\(file.path) can't be written: is the folder writable, and is there space?") }
        guard rename(draft.path, file.path) == 0 else {
            throw DemoError("\(file.path) can't be written: \(String(cString: strerror(errno)))")
        }
    }
}
