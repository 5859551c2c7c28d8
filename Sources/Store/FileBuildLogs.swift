import Deploys
import Foundation

/// Build logs as files: `logs/{org}/{app}/{build}[-{appling}].log` in the state directory.
package struct FileBuildLogs: BuildLogs {
    /// Lines beyond it are left out of a log, and its last line says so.
    package static let maxLogBytes = 16 << 20
    /// An app's builds whose logs are kept: the newest ones.
    package static let maxKeptBuilds = 200
    /// The longest file name that Linux takes (NAME_MAX), less the suffix.
    static let maxNameBytes = 250

    private let root: URL
    private let maxBytes: Int
    private let mask: SecretMask

    /// - Parameters:
    ///   - directory: the state directory; `logs` is made in it when the first build begins.
    ///   - mask: what it hides never reaches a file.
    package init(directory: URL, maxLogBytes: Int = FileBuildLogs.maxLogBytes, mask: SecretMask = SecretMask()) {
        self.mask = mask
        root = directory.appending(path: "logs", directoryHint: .isDirectory)
        maxBytes = maxLogBytes
    }

    /// Throws a sentence (`BuildLogError`) when the file can't be made.
    package func open(app: AppID, build: Int, appling: String?) throws -> any BuildLogWriter {
        let directory = directory(of: app)
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BuildLogError(
                sentence: "the directory for build logs, \(directory), can't be made: "
                    + error.localizedDescription)
        }
        removeOldLogs(in: directory, before: build - Self.maxKeptBuilds + 1)
        return try FileBuildLogWriter(
            path: path(app: app, build: build, appling: appling), maxBytes: maxBytes, mask: mask)
    }

    /// Where that log is, or would be.
    package func path(app: AppID, build: Int, appling: String?) -> String {
        let suffix = appling.map { "-" + Self.fileName($0) } ?? ""
        return "\(directory(of: app))/\(build)\(suffix).log"
    }

    func directory(of app: AppID) -> String {
        [app.organisation, app.name].reduce(root.path) { $0 + "/" + Self.fileName($1.lowercased()) }
    }

    /// One plain file name for any text: letters, digits, `-`, `_` and inner dots stay, every other byte
    /// becomes `%` and its two hexadecimal digits. So no name leaves the directory, and no two share a file.
    static func fileName(_ text: String) -> String {
        guard !text.isEmpty else { return "%" }
        var name = ""
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: ".") where index > 0:
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return name
    }

    /// Best effort: a log that stays costs room and nothing else.
    private func removeOldLogs(in directory: String, before build: Int) {
        guard build > 1, let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            return
        }
        for name in names {
            guard name.hasSuffix(".log"), let number = Int(name.prefix { $0.isNumber }), number < build
            else { continue }
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
        }
    }
}

package struct BuildLogError: Error, Sendable, Equatable, CustomStringConvertible {
    package let sentence: String
    package var description: String { sentence }
}
