import Deploys
import Foundation

/// Build logs as files: `logs/{org}/{app}/{build}[-{appling}].log` in the state directory while they are written,
/// `….log.gz` afterwards.
package struct FileBuildLogs: BuildLogs {
    /// Past it, only the end of a log is kept.
    package static let maxLogBytes = 16 << 20
    /// What is kept of the end of a log that is too long.
    package static let maxEndBytes = 512 << 10
    /// An app's builds whose logs are kept: the newest ones.
    package static let maxKeptBuilds = 200
    /// Of all logs together; beyond it the oldest go.
    package static let maxDiskBytes = 2 << 30

    private let root: URL
    private let maxBytes: Int
    private let mask: SecretMask
    let live = LiveLogs()
    let archive: LogArchive

    /// - Parameters:
    ///   - directory: the state directory; `logs` is made in it when the first build begins.
    ///   - mask: what it hides never reaches a file.
    ///   - gzip: the program that packs and unpacks logs.
    package init(
        directory: URL, maxLogBytes: Int = FileBuildLogs.maxLogBytes, maxDiskBytes: Int = FileBuildLogs.maxDiskBytes,
        mask: SecretMask = SecretMask(), gzip: String = "gzip"
    ) {
        self.mask = mask
        root = directory.appending(path: "logs", directoryHint: .isDirectory)
        maxBytes = maxLogBytes
        archive = LogArchive(root: root.path, maxDiskBytes: maxDiskBytes, gzip: GzipProgram(name: gzip), live: live)
    }

    /// Packs the logs that an earlier process left behind, and keeps to the limit of all logs. Nothing is written
    /// meanwhile that it would touch.
    package func tidy() async {
        await archive.tidy()
        await archive.settled()
    }

    /// Removes logs of builds that ended so many days ago.
    /// - Returns: how many there were.
    package func removeOld(afterDays days: Int, at now: Date) async -> Int {
        await archive.removeOld(before: now.addingTimeInterval(-RetentionLimits.seconds(days)))
    }

    /// What all logs take together; nil until somebody has looked.
    package var bytes: Int? { archive.bytes }

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
        let path = path(app: app, build: build, appling: appling)
        // Before the file is there: whoever finds it shall know that it is being written.
        let isAnew = [path, path + LogFile.packedSuffix].contains(where: FileManager.default.fileExists)
        let place = live.begin(path, of: app, build: build, isAnew: isAnew)
        do {
            let writer = try FileBuildLogWriter(
                path: path, maxBytes: maxBytes, mask: mask.of(app),
                onChange: { [live] in live.changed(app, build: build) },
                onClose: { [live, archive] in
                    live.end(place)
                    archive.add(path)
                })
            try? FileManager.default.removeItem(atPath: path + LogFile.packedSuffix)
            live.changed(app, build: build)
            return writer
        } catch {
            live.end(place)
            throw error
        }
    }

    /// Where that log is while it is written, or would be.
    package func path(app: AppID, build: Int, appling: String?) -> String {
        let suffix = appling.map { "-" + LogFile.name($0) } ?? ""
        return "\(directory(of: app))/\(build)\(suffix)\(LogFile.suffix)"
    }

    func directory(of app: AppID) -> String {
        [app.organisation, app.name].reduce(root.path) { $0 + "/" + LogFile.name($1.lowercased()) }
    }

    /// Best effort: a log that stays costs room and nothing else.
    private func removeOldLogs(in directory: String, before build: Int) {
        guard build > 1, let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            return
        }
        for name in names {
            guard let number = LogFile.build(of: name), number < build else { continue }
            try? FileManager.default.removeItem(atPath: directory + "/" + name)
        }
    }
}

package struct BuildLogError: Error, Sendable, Equatable, CustomStringConvertible {
    package let sentence: String
    package var description: String { sentence }
}
