import Deploys
import Foundation
import Glibc

/// What one build needs on the disk besides its context, for nobody else's eyes: secrets, the client's configuration,
/// and where the image's digest is written.
struct BuildFolder {
    let path: String
    /// By the ids of what they hold.
    let secretFiles: [(id: String, path: String)]
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
    init(in root: String, secrets: BuildSecrets, authFile: String?) throws(BuildError) {
        path = root + "/" + UUID().uuidString.lowercased()
        try Self.makeFolder(path)
        do throws(BuildError) {
            var files: [(String, String)] = []
            for (index, secret) in secrets.values.sorted(by: { $0.key < $1.key }).enumerated() {
                // An id may look like a path.
                let file = "\(path)/secret-\(index)"
                try Self.write(Array(secret.value.utf8), to: file)
                files.append((secret.key, file))
            }
            secretFiles = files
            dockerConfig = try Self.linkConfig(authFile, in: path)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

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
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw problem(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func problem(_ path: String) -> BuildError {
        let cause = String(cString: strerror(errno))
        return errno == ENOSPC
            ? .diskFull("Iterapp's own disk is full: a file of the build can't be written.")
            : .engineUnavailable("A file of the build can't be written in Iterapp's state directory: \(cause).")
    }
}
