import Deploys
import Foundation
import Glibc

/// What the client of one build reads and writes besides its context, for nobody else's eyes: secrets, its
/// configuration, and where the image's digest is written.
struct BuildFolder {
    let path: String
    /// By the ids of what they hold.
    let secretFiles: [(id: String, path: String)]
    private let memory: [MemoryFile]
    /// Holds `config.json`; nil when the operator's own is used.
    let dockerConfig: String?

    /// For BuildKit's client and Docker's.
    var secretOptions: [String] {
        secretFiles.map { "--secret=" + OptionFields.text([("id", $0.id), ("src", $0.path)]) }
    }

    var metadata: String { path + "/metadata.json" }

    /// - Parameters:
    ///   - root: made when it is missing.
    ///   - authFile: credentials of registries, in the format of Docker's `config.json`.
    ///   - remember: where secrets are, that is on no disk; those for which it gives nil are files in the folder.
    init(
        in root: String, secrets: BuildSecrets, authFile: String?,
        remember: ([UInt8]) -> MemoryFile? = MemoryFile.init
    ) throws(BuildError) {
        path = root + "/" + UUID().uuidString.lowercased()
        try Self.makeFolder(path)
        do throws(BuildError) {
            var files: [(String, String)] = []
            var memory: [MemoryFile] = []
            for (index, secret) in secrets.values.sorted(by: { $0.key < $1.key }).enumerated() {
                let bytes = Array(secret.value.utf8)
                if let file = remember(bytes) {
                    memory.append(file)
                    files.append((secret.key, file.path))
                    continue
                }
                // An id may look like a path.
                let file = "\(path)/secret-\(index)"
                try Self.write(bytes, to: file)
                files.append((secret.key, file))
            }
            secretFiles = files
            self.memory = memory
            dockerConfig = try Self.linkConfig(authFile, in: path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    func remove() {
        for file in memory { file.close() }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// What a process that was killed left behind.
    static func removeAll(in root: String) { try? FileManager.default.removeItem(atPath: root) }

    /// A link, so that the file is read as it is then, and never copied.
    private static func linkConfig(_ file: String?, in path: String) throws(BuildError) -> String? {
        guard let file else { return nil }
        let folder = path + "/docker"
        try makeFolder(folder)
        guard symlink(file, folder + "/config.json") == 0 else { throw problem(folder) }
        return folder
    }

    private static func makeFolder(_ path: String) throws(BuildError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .engineUnavailable("A folder for the build can't be made in Iterapp's state directory: \(error).")
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(BuildError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw problem(path) }
        defer { close(file) }
        guard MemoryFile.write(bytes, to: file) else { throw problem(path) }
    }

    private static func problem(_ path: String) -> BuildError {
        let cause = String(cString: strerror(errno))
        return errno == ENOSPC
            ? .diskFull("Iterapp's own disk is full: a file of the build can't be written.")
            : .engineUnavailable("A file of the build can't be written in Iterapp's state directory: \(cause).")
    }
}
