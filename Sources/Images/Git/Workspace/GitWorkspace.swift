import Deploys
import Foundation

/// Keeps mirrors and check-outs within a limit of the disk.
///
/// Mirrors that nobody uses make room, the one whose last use is longest ago first. When a mirror was last used is the
/// time of a file in it, so that it is known after a restart.
actor GitWorkspace {
    nonisolated let folders: WorkspaceFolders
    private let maxBytes: Int64
    private let now: @Sendable () -> Date

    private struct Mirror {
        var bytes: Int64
        var lastUse: Date
        var users = 0
    }

    private var mirrors: [String: Mirror] = [:]
    /// What each check-out takes, or will take when it is written.
    private var checkOuts: [URL: Int64] = [:]

    private static let lastUseFile = "last-use"

    init(_ folders: WorkspaceFolders, maxBytes: Int64, now: @escaping @Sendable () -> Date) {
        self.folders = folders
        self.maxBytes = maxBytes
        self.now = now
        for name in folders.mirrorNames() {
            let mirror = folders.mirror(named: name)
            let noted = try? FileManager.default.attributesOfItem(
                atPath: mirror.appending(path: Self.lastUseFile).path)[.modificationDate] as? Date
            mirrors[name] = Mirror(bytes: DiskUsage.bytes(at: mirror.path), lastUse: noted ?? .distantPast)
        }
    }

    private var bytes: Int64 { mirrors.values.reduce(0) { $0 + $1.bytes } + checkOuts.values.reduce(0, +) }

    // MARK: use

    /// The mirror stays while `body` runs.
    nonisolated func using<T: Sendable>(
        _ name: String, _ body: @Sendable () async throws(SourceError) -> T
    ) async throws(SourceError) -> T {
        await begin(name)
        do throws(SourceError) {
            let value = try await body()
            await end(name)
            return value
        } catch {
            await end(name)
            throw error
        }
    }

    private func begin(_ name: String) {
        mirrors[name, default: Mirror(bytes: 0, lastUse: now())].users += 1
        noteUse(name)
    }

    private func end(_ name: String) {
        mirrors[name]?.users -= 1
        noteUse(name)
        if mirrors[name]?.users == 0, mirrors[name]?.bytes == 0 { mirrors[name] = nil }
    }

    private func noteUse(_ name: String) {
        let moment = now()
        mirrors[name]?.lastUse = moment
        let (files, file) = (FileManager.default, folders.mirror(named: name).appending(path: Self.lastUseFile).path)
        // Without the folder there is no mirror yet, and nothing to note.
        guard files.fileExists(atPath: file) || files.createFile(atPath: file, contents: nil) else { return }
        try? files.setAttributes([.modificationDate: moment], ofItemAtPath: file)
    }

    // MARK: room

    /// Notes what a mirror takes now, and makes room for that.
    /// - Returns: false when there is more on the disk than may be, and no mirror could be removed for it.
    func note(_ name: String, bytes: Int64) async -> Bool {
        mirrors[name]?.bytes = bytes
        noteUse(name)
        return await makeRoom()
    }

    /// Before a mirror grows: whether it alone takes all the room, so that it should be begun anew.
    func isFull(except name: String) async -> Bool {
        if await makeRoom() { return false }
        return mirrors[name]?.users == 1 && (mirrors[name]?.bytes ?? 0) > maxBytes / 2
    }

    /// Sets room aside for a check-out.
    func reserve(_ bytes: Int64, for checkOut: URL) async throws(SourceError) {
        checkOuts[checkOut] = bytes
        if await makeRoom() { return }
        checkOuts[checkOut] = nil
        throw tooLittle
    }

    func release(_ checkOut: URL) { checkOuts[checkOut] = nil }

    func bytes(of checkOut: URL) -> Int64 { checkOuts[checkOut] ?? 0 }

    /// What is said when all that is there is in use.
    var tooLittle: SourceError {
        .diskFull("Mirrors and check-outs that are in use fill the \(maxBytes.asBytes) of ITERAPP_GIT_WORKSPACE_MIB.")
    }

    /// What is said when one repository is too much.
    nonisolated var tooLarge: SourceError {
        .broken("It takes more than the \(maxBytes.asBytes) that ITERAPP_GIT_WORKSPACE_MIB allows.")
    }

    private func makeRoom() async -> Bool {
        var removals: [@Sendable () -> Void] = []
        while bytes > maxBytes, let name = leastRecentlyUsed { removals.append(takeAway(name)) }
        await Self.onThread(removals)
        return bytes <= maxBytes
    }

    private var leastRecentlyUsed: String? {
        mirrors.filter { $0.value.users == 0 }.min { $0.value.lastUse < $1.value.lastUse }?.key
    }

    private func takeAway(_ name: String) -> @Sendable () -> Void {
        mirrors[name] = nil
        return folders.discard(folders.mirror(named: name))
    }

    /// Removes all that nobody uses: a full disk is worse than fetching again.
    /// - Returns: whether there was something.
    func removeUnused() async -> Bool {
        var removals: [@Sendable () -> Void] = []
        while let name = leastRecentlyUsed { removals.append(takeAway(name)) }
        await Self.onThread(removals)
        return !removals.isEmpty
    }

    /// Deleting takes a while, and would hold up others on the threads that tasks share.
    private static func onThread(_ removals: [@Sendable () -> Void]) async {
        guard !removals.isEmpty else { return }
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                for remove in removals { remove() }
                continuation.resume()
            }
        }
    }
}
