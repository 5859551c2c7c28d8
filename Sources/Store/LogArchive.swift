import Foundation
import Glibc
import Synchronization

/// Packs logs that are written to their ends, one after the other, and removes the oldest when all of them together
/// take more room than they may.
///
/// Best effort: a log that can't be packed stays as it is, and is read as it is.
final class LogArchive: Sendable {
    private struct State {
        var waiting: [String] = []
        var worker: Task<Void, Never>?
        /// Nil until somebody has looked.
        var usedBytes: Int?
    }

    private let state = Mutex(State())
    private let root: String
    private let maxDiskBytes: Int
    let gzip: GzipProgram
    let unpacking = UnpackingPlaces()
    private let live: LiveLogs

    init(root: String, maxDiskBytes: Int, gzip: GzipProgram, live: LiveLogs) {
        self.root = root
        self.maxDiskBytes = maxDiskBytes
        self.gzip = gzip
        self.live = live
    }

    /// - Parameter path: of a log that nobody writes any more.
    func add(_ path: String) { add([path]) }

    /// Takes up what an earlier process left behind.
    func tidy() async {
        let left = await LogDisk.on(LogDisk.tidying) { [root] in
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
            for name in names where name.hasSuffix(Self.unfinishedSuffix) { unlink("\(root)/\(name)") }
            return names.filter { $0.hasSuffix(LogFile.suffix) }.map { "\(root)/\($0)" }
        }
        add(left)
    }

    /// Returns when nothing is left to do.
    func settled() async {
        while let worker = state.withLock({ $0.worker }) { await worker.value }
    }

    private func add(_ paths: [String]) {
        state.withLock { state in
            state.waiting += paths
            guard state.worker == nil else { return }
            state.worker = Task.detached(priority: .utility) { [self] in await work() }
        }
    }

    private func work() async {
        while let path = await next() {
            if let change = await pack(path) { use(change) }
        }
    }

    private func next() async -> String? {
        let isIdle = state.withLock { $0.waiting.isEmpty }
        if isIdle { await LogDisk.on(LogDisk.tidying) { [self] in keepToLimit() } }
        return state.withLock { state in
            if state.waiting.isEmpty { state.worker = nil }
            return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
    }

    // MARK: Packing

    private static let unfinishedSuffix = ".packing"

    /// - Returns: the bytes that it takes now; nil when it is gone, or written again.
    private func pack(_ path: String) async -> Int? {
        guard !live.isOpen(path), let size = await LogDisk.on(LogDisk.tidying, { Self.size(path) }) else { return nil }
        guard size <= GzipProgram.maxFileBytes, let packed = await gzip.pack(path) else { return size }
        let isInPlace = await LogDisk.on(LogDisk.tidying) { [self] in put(packed, inPlaceOf: path) }
        return isInPlace ? packed.count : size
    }

    /// First the packed file is on the disk, then the plain one goes: at every moment, one of them is whole.
    private func put(_ packed: [UInt8], inPlaceOf path: String) -> Bool {
        let (whole, unfinished) = (path + LogFile.packedSuffix, path + Self.unfinishedSuffix)
        guard Self.write(packed, to: unfinished, as: path) else {
            unlink(unfinished)
            return false
        }
        let isInPlace = live.unlessOpen(path) { rename(unfinished, whole) == 0 && unlink(path) == 0 } ?? false
        if !isInPlace { unlink(unfinished) }
        return isInPlace
    }

    /// With the time of the log that it replaces, by which the oldest are found.
    private static func write(_ bytes: [UInt8], to path: String, as original: String) -> Bool {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        var status = stat()
        if lstat(original, &status) == 0 { futimens(file, [status.st_atim, status.st_mtim]) }
        return fsync(file) == 0
    }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? status.st_size : nil
    }

    // MARK: Room

    /// Removes the logs that were last written before the date.
    /// - Returns: how many there were.
    func removeOld(before date: Date) async -> Int {
        await LogDisk.on(LogDisk.tidying) { [self] in
            var removed = (count: 0, bytes: 0)
            for file in allFiles() where file.seconds < date.timeIntervalSince1970 {
                guard live.unlessOpen(file.path, { unlink(file.path) == 0 }) == true else { continue }
                removed = (removed.count + 1, removed.bytes + file.bytes)
            }
            use(-removed.bytes)
            return removed.count
        }
    }

    /// What all logs take; nil until somebody has looked.
    var bytes: Int? { state.withLock { $0.usedBytes } }

    private func use(_ bytes: Int) {
        state.withLock { state in state.usedBytes = state.usedBytes.map { $0 + bytes } }
    }

    /// What is removed at once, so that not every log makes a search necessary.
    private static let spareDivisor = 10

    /// Looks at the disk at the first time, and when what was added since passes the limit.
    private func keepToLimit() {
        if let used = state.withLock({ $0.usedBytes }), used <= maxDiskBytes { return }
        var files = allFiles()
        var used = files.reduce(0) { $0 + $1.bytes }
        if used > maxDiskBytes {
            files.sort { $0.seconds < $1.seconds }
            for file in files where used > maxDiskBytes - maxDiskBytes / Self.spareDivisor {
                let isRemoved = live.unlessOpen(file.path) { unlink(file.path) == 0 }
                if isRemoved == true { used -= file.bytes }
            }
        }
        let found = used
        state.withLock { $0.usedBytes = found }
    }

    private func allFiles() -> [(path: String, bytes: Int, seconds: Double)] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
        return names.filter { LogFile.build(of: $0.split(separator: "/").last.map(String.init) ?? "") != nil }
            .compactMap { name in
                var status = stat()
                let path = "\(root)/\(name)"
                guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
                let time = status.st_mtim
                return (path, status.st_size, Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
            }
    }
}
