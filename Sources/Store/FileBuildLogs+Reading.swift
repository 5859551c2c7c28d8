import Deploys
import Foundation

extension FileBuildLogs: BuildLogReader {
    package func logs(of app: AppID, build: Int) async -> [LogReference] {
        let directory = directory(of: app)
        return await LogDisk.on(LogDisk.reading) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            let applings = Set(names.compactMap { LogFile.appling(of: $0, build: build) }).sorted()
            return applings.map { appling in
                LogReference(app: app, build: build, appling: appling.isEmpty ? nil : appling)
            }
        }
    }

    package func end(of log: LogReference, maxBytes: Int) async -> LogEnd? {
        switch await find(log, at: 0) {
        case nil: return nil
        case .plain(let plain): return await plain.end(maxBytes: maxBytes)
        case .packed(let path): return await end(ofPacked: path, maxBytes: maxBytes)
        }
    }

    private func end(ofPacked packed: String, maxBytes: Int) async -> LogEnd? {
        guard let place = await archive.unpacking.wait() else { return nil }
        let end = LockedTail(maxBytes: maxBytes)
        await archive.gzip.unpack(packed) { end.add($0) }
        place.giveBack()
        return end.value
    }

    package func open(_ log: LogReference, at offset: Int) async throws(LogsBusy) -> (any OpenLog)? {
        switch await find(log, at: offset) {
        case nil: return nil
        case .plain(let plain): return plain
        case .packed(let packed):
            guard let place = archive.unpacking.take() else { throw LogsBusy() }
            return PackedLog(packed, at: offset, archive.gzip, place)
        }
    }

    private enum Found {
        case plain(PlainLog)
        case packed(String)
    }

    /// The packed one is there before the plain one goes; while both are there, only the plain one is surely whole.
    private func find(_ log: LogReference, at offset: Int) async -> Found? {
        let path = path(log)
        return await LogDisk.on(LogDisk.reading) { [live] in
            if let plain = PlainLog(path, at: offset, live: live) { return .plain(plain) }
            let packed = path + LogFile.packedSuffix
            return access(packed, R_OK) == 0 ? .packed(packed) : nil
        }
    }

    package func openCompressed(_ log: LogReference) async -> (any OpenLog)? {
        let path = path(log)
        return await LogDisk.on(LogDisk.reading) {
            access(path, F_OK) == 0 ? nil : PlainLog(path + LogFile.packedSuffix, at: 0, live: nil)
        }
    }

    package func generation(of app: AppID, build: Int) -> Int { live.generation(of: app, build: build) }

    package func watch(_ app: AppID, build: Int, _ signal: Signal) -> SignalWatch {
        live.watch(app, build: build, signal)
    }

    private func path(_ log: LogReference) -> String { path(app: log.app, build: log.build, appling: log.appling) }
}
