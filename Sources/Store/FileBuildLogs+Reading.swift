import Deploys
import Dispatch
import Foundation

extension FileBuildLogs: BuildLogReader {
    /// A disk may take its time: not on the threads that everybody shares.
    static let queue = DispatchQueue(label: "iterapp.build-logs")

    package func logs(of app: AppID, build: Int) async -> [LogReference] {
        let directory = directory(of: app)
        return await withCheckedContinuation { continuation in
            Self.queue.async {
                let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
                let applings = Set(names.compactMap { LogFile.appling(of: $0, build: build) }).sorted()
                continuation.resume(returning: applings.map { appling in
                    LogReference(app: app, build: build, appling: appling.isEmpty ? nil : appling)
                })
            }
        }
    }

    package func end(of log: LogReference, maxBytes: Int) async -> LogEnd? {
        let path = path(log)
        if let plain = PlainLog(path, at: 0, live: live) { return await plain.end(maxBytes: maxBytes) }
        let packed = path + LogFile.packedSuffix
        guard access(packed, R_OK) == 0, let place = await archive.unpacking.wait() else { return nil }
        let end = LockedTail(maxBytes: maxBytes)
        await archive.gzip.unpack(packed) { end.add($0) }
        place.giveBack()
        return end.value
    }

    package func open(_ log: LogReference, at offset: Int) async throws(LogsBusy) -> (any OpenLog)? {
        let path = path(log)
        // The packed one is there before the plain one goes.
        if let plain = PlainLog(path, at: offset, live: live) { return plain }
        let packed = path + LogFile.packedSuffix
        guard access(packed, R_OK) == 0 else { return nil }
        guard let place = archive.unpacking.take() else { throw LogsBusy() }
        return PackedLog(packed, at: offset, archive.gzip, place)
    }

    package func openCompressed(_ log: LogReference) async -> (any OpenLog)? {
        let path = path(log)
        // As long as both are there, only the plain one is surely whole.
        guard access(path, F_OK) != 0 else { return nil }
        return PlainLog(path + LogFile.packedSuffix, at: 0, live: nil)
    }

    package func watch(_ app: AppID, build: Int, _ signal: Signal) -> SignalWatch {
        live.watch(app, build: build, signal)
    }

    private func path(_ log: LogReference) -> String { path(app: log.app, build: log.build, appling: log.appling) }
}
