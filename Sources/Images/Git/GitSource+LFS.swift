import Deploys
import Foundation

extension GitSource {
    /// Writes a commit's files, with those that Git LFS keeps (git-lfs-smudge(1)).
    ///
    /// `git-lfs` reads Git's settings, which are ours. Of the repository's `.lfsconfig` it takes only settings that
    /// name no programs, and those of Git win (git-lfs-config(5)): the API is asked where the repository comes from.
    /// - Returns: bytes of the files on the disk; nil when the mirror is damaged.
    func writeWithLFS(
        _ commit: CommitID, of remote: GitRemote, from mirror: GitMirror, into files: URL, index: URL
    ) async throws(SourceError) -> Int64? {
        let settings = [
            "filter.lfs.process=git-lfs filter-process", "filter.lfs.required=true",
            "lfs.url=" + Self.lfsAddress(of: remote), "lfs.skipdownloaderrors=false", "lfs.locksverify=false",
        ]
        let (limit, workspace) = (options.maxCheckOutBytes, workspace)
        let isWritten = try await unless {
            while (try? await Task.sleep(for: Self.writeWatchInterval)) != nil {
                let bytes = DiskUsage.bytes(at: files.path)
                if bytes > limit { return Self.tooLargeWithLFS(limit) }
                let kept = DiskUsage.bytes(at: mirror.directory.path)
                if await !workspace.note(mirror.name, bytes: kept + bytes) { return await workspace.tooLittle }
            }
            return nil
        } _: { () async throws(SourceError) in
            try await mirror.write(commit, into: files, index: index, settings: settings, remote: remote)
        }
        _ = await workspace.note(mirror.name, bytes: DiskUsage.bytes(at: mirror.directory.path))
        guard isWritten else { return nil }
        let bytes = DiskUsage.bytes(at: files.path)
        guard bytes <= limit else { throw Self.tooLargeWithLFS(limit) }
        return bytes
    }

    private static func tooLargeWithLFS(_ limit: Int64) -> SourceError {
        .broken(
            "With those that Git LFS keeps, its files take more than the \(limit.asBytes) that "
                + "ITERAPP_GIT_CHECKOUT_MIB allows.")
    }

    private static let writeWatchInterval = Duration.milliseconds(500)

    /// Where the server of the LFS API is (git-lfs, docs/api/server-discovery.md); for a local path, Git's own form.
    private static func lfsAddress(of remote: GitRemote) -> String {
        if remote.url.hasPrefix("/") { return "file://" + remote.url }
        let url = remote.url.hasSuffix("/") ? String(remote.url.dropLast()) : remote.url
        return (url.hasSuffix(".git") ? url : url + ".git") + "/info/lfs"
    }
}
