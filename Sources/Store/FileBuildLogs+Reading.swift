import Deploys
import Dispatch
import Foundation

extension FileBuildLogs: BuildLogReader {
    /// A disk may take its time: not on the threads that everybody shares.
    private static let queue = DispatchQueue(label: "iterapp.build-logs")

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
