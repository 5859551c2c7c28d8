import Deploys
import Foundation

extension GitSource {
    /// Runs what reads or fetches into a mirror, which stays meanwhile. When the disk is full, what nobody uses is
    /// removed, and it is tried once more.
    func withRoom<T: Sendable>(
        _ mirror: GitMirror, _ body: @Sendable () async throws(SourceError) -> T
    ) async throws(SourceError) -> T {
        try await workspace.using(mirror.name) { () async throws(SourceError) in
            do throws(SourceError) { return try await body() } catch {
                guard case .diskFull = error, await workspace.removeUnused() else { throw error }
            }
            return try await body()
        }
    }

    /// Runs what fetches into a mirror: one at a time, within the limits of the disk. What was begun and not ended is
    /// cleared away.
    /// - Parameter maxGrowth: in bytes on the disk.
    func fetching<T: Sendable>(
        _ mirror: GitMirror, of remote: GitRemote, growingBy maxGrowth: Int64 = .max,
        _ body: @escaping @Sendable () async throws(SourceError) -> T
    ) async throws(SourceError) -> T {
        do { try await fetches.enter(mirror.name) } catch { throw .cancelled }
        let result: Result<T, SourceError>
        do throws(SourceError) {
            if await workspace.isFull(except: mirror.name) { await discard(mirror) }
            let value = try await watching(mirror, maxGrowth, body)
            try await mirror.joinPacks(of: remote, whenMoreThan: options.maxPacks)
            result = .success(value)
        } catch {
            Leftovers.remove(from: mirror.directory)
            result = .failure(error)
        }
        _ = await workspace.note(mirror.name, bytes: DiskUsage.bytes(at: mirror.directory.path))
        await fetches.leave(mirror.name)
        return try result.get()
    }

    private func discard(_ mirror: GitMirror) async {
        let delete = workspace.folders.discard(mirror.directory)
        _ = await workspace.note(mirror.name, bytes: 0)
        DispatchQueue.global(qos: .utility).async(execute: delete)
    }

    private static let watchInterval = Duration.milliseconds(100)

    /// Ends `body` when the mirror grows too large: what a remote sends has no announced size.
    private func watching<T: Sendable>(
        _ mirror: GitMirror, _ maxGrowth: Int64, _ body: @escaping @Sendable () async throws(SourceError) -> T
    ) async throws(SourceError) -> T {
        let (options, workspace) = (options, workspace)
        let before = DiskUsage.bytes(at: mirror.directory.path)
        return try await unless {
            while (try? await Task.sleep(for: Self.watchInterval)) != nil {
                let bytes = DiskUsage.bytes(at: mirror.directory.path)
                if bytes > options.maxWorkspaceBytes { return workspace.tooLarge }
                if bytes - before > maxGrowth {
                    return .broken(
                        "More would have to be fetched for it than the \(maxGrowth.asBytes) that "
                            + "ITERAPP_GIT_CHECKOUT_MIB allows.")
                }
                if await !workspace.note(mirror.name, bytes: bytes) { return await workspace.tooLittle }
            }
            return nil
        } _: { () async throws(SourceError) in
            try await body()
        }
    }
}
