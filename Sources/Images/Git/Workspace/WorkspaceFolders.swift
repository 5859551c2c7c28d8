import Deploys
import Foundation

/// Where mirrors and check-outs lie. Used by one process at a time.
struct WorkspaceFolders: Sendable {
    let mirrors: URL
    let checkOuts: URL
    /// What is being deleted: moved here first, so that what has its proper name is always whole.
    let rubbish: URL
    /// The one file of settings that our Git reads. Its path is in the environment of each program that Git starts.
    let configuration: URL
    private let root: URL

    init(_ workDirectory: URL) {
        root = workDirectory.absoluteURL.standardizedFileURL
        mirrors = root.appending(path: "mirrors", directoryHint: .isDirectory)
        checkOuts = root.appending(path: "check-outs", directoryHint: .isDirectory)
        rubbish = root.appending(path: "rubbish", directoryHint: .isDirectory)
        configuration = root.appending(path: "gitconfig")
    }

    /// Makes the folders and takes away what an earlier process left behind: programs that it did not live to stop,
    /// their locks and half packs, drafts of mirrors, check-outs.
    func open() throws(SourceError) {
        Orphans.stop(configuration: configuration)
        try fileWork {
            // Repositories may be private.
            let ownerOnly: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            let files = FileManager.default
            for folder in [root, mirrors] {
                try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: ownerOnly)
            }
            for folder in [checkOuts, rubbish] {
                try? files.removeItem(at: folder)
                try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: ownerOnly)
            }
            for name in try files.contentsOfDirectory(atPath: mirrors.path) {
                let mirror = mirrors.appending(path: name, directoryHint: .isDirectory)
                if name.hasSuffix(Self.mirrorSuffix) {
                    Leftovers.remove(from: mirror)
                } else {
                    try files.removeItem(at: mirror)
                }
            }
            try Data(GitProgram.settings.utf8).write(to: configuration, options: .atomic)
        }
    }

    private static let mirrorSuffix = ".git"

    func mirror(named name: String) -> URL {
        mirrors.appending(path: name + Self.mirrorSuffix, directoryHint: .isDirectory)
    }

    /// Names of all mirrors that there are.
    func mirrorNames() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: mirrors.path)) ?? []
        return names.filter { $0.hasSuffix(Self.mirrorSuffix) }.map { String($0.dropLast(Self.mirrorSuffix.count)) }
    }

    /// A path for a mirror that is not whole yet.
    func draft() -> URL { mirrors.appending(path: "\(UUID().uuidString).new", directoryHint: .isDirectory) }

    /// Takes a folder out of the way at once. What is returned deletes it, which takes a while when it is large.
    func discard(_ folder: URL) -> @Sendable () -> Void {
        let place = rubbish.appending(path: UUID().uuidString, directoryHint: .isDirectory)
        let isMoved = rename(folder.path, place.path) == 0
        let path = isMoved ? place.path : folder.path
        return { try? FileManager.default.removeItem(atPath: path) }
    }
}

/// Turns a failure of the file system into words.
func fileWork<T>(_ body: () throws -> T) throws(SourceError) -> T {
    do {
        return try body()
    } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
        throw .diskFull("No space is left for check-outs.")
    } catch {
        throw .broken("The folder for check-outs can't be used: \(error.localizedDescription)")
    }
}
