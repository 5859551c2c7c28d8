import AppFile
import Crypto
import Deploys
import Foundation
import Synchronization

/// Tells whether an image would be made of the same things as another one: what its build reads of the commit, its
/// Dockerfile, its secrets, and where it goes.
package struct InputFingerprint: Sendable {
    private let key: HMACKey

    private static let keyBytes = 32
    /// Changed when images are built in another way.
    private static let version = "1"

    /// - Parameter key: known to nobody else: a fingerprint says nothing about secrets, as nobody can try what gives
    ///   it.
    package init(key: [UInt8]) { self.key = HMACKey(key) }

    /// With a key of its own, kept in a file.
    /// - Throws: a system error when the file can't be read or made.
    package init(keyFile file: URL) throws {
        if let known = FileManager.default.contents(atPath: file.path), known.count == Self.keyBytes {
            self.init(key: Array(known))
            return
        }
        let key = randomBytes(Self.keyBytes)
        try Data().write(to: file, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: Data(key))
        try handle.synchronize()
        try handle.close()
        self.init(key: key)
    }

    /// Runs on a thread of its own: it reads all the files. Ends soon when the task is cancelled.
    /// - Parameter destination: whatever else decides what comes of the build: who builds it, and its name.
    /// - Returns: nil when nobody can tell, or when the Dockerfile wants each build to be new, or
    ///   when the task was cancelled.
    func make(_ request: ImageRequest, destination: [String]) async -> BuildFingerprint? {
        let stop = StopFlag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: read(request, destination, stop)) }
            }
        } onCancel: {
            stop.set()
        }
    }

    private func read(_ request: ImageRequest, _ destination: [String], _ stop: StopFlag) -> BuildFingerprint? {
        guard let dockerfile = try? Dockerfile(request), let tree = tree(dockerfile, stop) else { return nil }
        var parts = [Self.version, ImageTarget.platform, dockerfile.path, dockerfile.text] + destination
        guard let ignores = ignores(dockerfile) else { return nil }
        parts += ignores
        for (id, value) in request.secrets.values.sorted(by: { $0.key < $1.key }) { parts += [id, value] }
        // Each part says how long it is, so that no two lists look alike.
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return BuildFingerprint(hex(key.authenticate(Array(text.utf8), tree)))
    }

    /// Both files decide what of the context a build sees. Nil when one is a link that leads out, or no ordinary file.
    private func ignores(_ dockerfile: Dockerfile) -> [String]? {
        let tree = DirectoryTree(root: dockerfile.context, maxFileBytes: Self.maxIgnoreBytes)
        let beside = dockerfile.file.path.dropFirst(dockerfile.context.path.count + 1) + ".dockerignore"
        return try? [".dockerignore", String(beside)].flatMap { path in
            let bytes = try tree.read(path)
            return [bytes == nil ? "none" : "some", bytes.map { hex(sha256($0)) } ?? ""]
        }
    }

    private static let maxIgnoreBytes = 1 << 20

    private func tree(_ dockerfile: Dockerfile, _ stop: StopFlag) -> [UInt8]? {
        let root = dockerfile.context.path
        switch DockerfileInputs(dockerfile.text) {
        case .unknown: return nil
        case .everything: return try? TreeFingerprint.make(root: root, paths: nil) { stop.isSet }
        case .paths(let paths):
            do throws(TreeFingerprint.Problem) {
                return try TreeFingerprint.make(root: root, paths: paths) { stop.isSet }
            } catch {
                // Links are followed by some instructions and kept by others.
                return error == .link ? try? TreeFingerprint.make(root: root, paths: nil) { stop.isSet } : nil
            }
        }
    }
}

/// Tells a thread that nobody waits for what it does.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
