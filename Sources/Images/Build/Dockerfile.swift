import AppFile
import Deploys
import Foundation

/// The Dockerfile of a build, known to be a file inside the context.
struct Dockerfile {
    /// Relative to the context, as people know it: `frontend/Dockerfile`.
    let path: String
    /// Both with symbolic links followed.
    let file: URL
    let context: URL
    let text: String

    /// - Throws: `noDockerfile`, or `failed` when what lies there can't be one.
    init(_ request: ImageRequest) throws(BuildError) {
        let shown = quoted(request.dockerfile)
        let tree = DirectoryTree(root: request.context, maxFileBytes: DockerBuilder.maxDockerfileBytes)
        let bytes: [UInt8]?
        do {
            bytes = try tree.read(request.dockerfile)
        } catch {
            throw .failed(sentence: Self.sentence(error, shown), tail: [])
        }
        guard let bytes else { throw .noDockerfile(lookedFor: request.dockerfile) }
        path = request.dockerfile
        context = request.context.resolvingSymlinksInPath()
        // BuildKit reads the folder that the file is in, and would not follow a link that leads out of it.
        file = request.context.appending(path: request.dockerfile).resolvingSymlinksInPath()
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func sentence(_ error: FileTreeError, _ shown: String) -> String {
        switch error {
        case .outsideTree: "\(shown) is a link to something outside the repository; commit the file itself."
        case .isFolder: "\(shown) is a folder; a Dockerfile is wanted there."
        case .notRegular: "\(shown) is not a file."
        case .tooLarge(let limit): "\(shown) is larger than \(limit >> 10) KiB, which is no Dockerfile."
        case .unreadable(let reason): "\(shown) can't be read (\(reason))."
        }
    }

    /// Whether the context holds such a file: if so, `.dockerignore` must have kept it from the build.
    func contextHolds(_ path: String) -> Bool {
        guard let relative = path.trimmingPrefix("/").isEmpty ? nil : String(path.trimmingPrefix("/")) else {
            return false
        }
        let tree = DirectoryTree(root: context, maxFileBytes: .max)
        do { if try tree.isFolder(relative) { return true } } catch { return false }
        return FileManager.default.fileExists(atPath: context.appending(path: relative).path)
    }
}
