import Deploys
import Dispatch
import Foundation

extension FileBuildLogs: BuildLogReader {
    /// A disk may take its time: not on the threads that everybody shares.
    private static let queue = DispatchQueue(label: "iterapp.build-logs")

    package func logs(of app: AppID, build: Int) async -> [LogReference] {
        let directory = directory(of: app)
        return await withCheckedContinuation { continuation in
            Self.queue.async {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
                let applings = names.compactMap { Self.appling(ofFile: $0, build: build) }.sorted()
                continuation.resume(returning: applings.map { appling in
                    LogReference(app: app, build: build, appling: appling.isEmpty ? nil : appling)
                })
            }
        }
    }

    /// The appling's name, empty for an app without applings; nil for a file of another build.
    private static func appling(ofFile name: String, build: Int) -> String? {
        guard name.hasSuffix(".log"), name.hasPrefix("\(build)") else { return nil }
        let middle = name.dropLast(4).dropFirst("\(build)".count)
        if middle.isEmpty { return "" }
        return middle.first == "-" ? String(middle.dropFirst()).removingPercentEncoding : nil
    }

    package func end(of log: LogReference, maxBytes: Int) async -> LogEnd? {
        let path = path(app: log.app, build: log.build, appling: log.appling)
        return await withCheckedContinuation { continuation in
            Self.queue.async { continuation.resume(returning: Self.end(of: path, maxBytes: maxBytes)) }
        }
    }

    private static func end(of path: String, maxBytes: Int) -> LogEnd? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd() else { return nil }
        let start = size > UInt64(maxBytes) ? size - UInt64(maxBytes) : 0
        guard (try? file.seek(toOffset: start)) != nil, let data = try? file.read(upToCount: maxBytes) else {
            return size == 0 ? LogEnd(text: "", isCut: false) : nil
        }
        guard start > 0 else { return LogEnd(text: String(decoding: data, as: UTF8.self), isCut: false) }
        // Half a line could be half a secret, which nobody would know.
        let whole = data.firstIndex(of: UInt8(ascii: "\n")).map { data[($0 + 1)...] } ?? Data()
        return LogEnd(text: String(decoding: whole, as: UTF8.self), isCut: true)
    }
}
