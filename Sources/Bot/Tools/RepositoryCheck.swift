import AppFile
import Deploys
import Foundation

/// What the `iterapp.toml` files in a folder say, and all that is wrong with them.
package struct RepositoryCheck: FileCheck {
    /// Nil exactly when one of the files' problems is an error.
    package let file: AppFile?
    /// By path, line and column.
    package private(set) var problems: [Problem]
    /// The files that were read, by path.
    package let sources: [String: [UInt8]]

    /// - Parameters:
    ///   - directory: a repository's root.
    ///   - app: whose files they are; nil when that is not known, and then encrypted values may be anybody's.
    package init(directory: String, app: AppID? = nil) throws(InputProblem) {
        try Self.refuseUnlessReadable(directory)
        let root = URL(filePath: directory, directoryHint: .isDirectory)
        let tree = RecordingTree(DirectoryTree(root: root))
        (file, problems) = AppFile.load(from: tree, app: app?.key)
        sources = tree.files
    }

    /// - Parameter sentences: what no single line is to blame for.
    mutating func add(faultsOfTheWhole sentences: [String]) {
        let more = sentences.map { Problem(path: AppFile.fileName, line: 1, column: 1, message: $0) }
        problems = (problems + more).sorted()
    }

    /// "2 errors and 1 warning in 3 files."
    package var summary: String {
        // A file that could not be read has a problem, but no source.
        let count = Set(sources.keys).union(problems.map(\.path)).count
        let files = count == 1 ? "1 file" : "\(count) files"
        if problems.isEmpty {
            return sources.isEmpty
                ? "There is no \(AppFile.fileName) here: every setting has its default." : "No problems in \(files)."
        }
        return "\(countedProblems) in \(files)."
    }

    private static func refuseUnlessReadable(_ directory: String) throws(InputProblem) {
        var status = stat()
        guard stat(directory, &status) == 0 else {
            if errno == ENOENT { throw InputProblem("There is no folder \(directory).") }
            throw InputProblem("The folder \(directory) cannot be read: \(String(cString: strerror(errno))).")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw InputProblem("\(directory) is no folder; name the repository's root, or leave it out.")
        }
        guard access(directory, R_OK | X_OK) == 0 else {
            throw InputProblem("The folder \(directory) cannot be read: \(String(cString: strerror(errno))).")
        }
    }
}
