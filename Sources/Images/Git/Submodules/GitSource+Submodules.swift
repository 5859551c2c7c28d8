import Deploys
import Foundation

extension GitMirror {
    /// What `.gitmodules` says of these places. Names of submodules, of which tricks are made elsewhere
    /// (CVE-2018-11235), are not used for anything.
    func submodules(_ links: [GitLink], of commit: CommitID) async throws(SourceError) -> [Submodule] {
        let result = try await git.run(
            [
                location, "config", "--blob=\(commit.sha):.gitmodules", "-z", "--get-regexp",
                #"^submodule\..*\.(path|url)$"#,
            ], timeLimit: Self.lookupTimeLimit)
        var modules: [String: (path: String?, url: String?)] = [:]
        for entry in String(decoding: result.output, as: UTF8.self).split(separator: "\0") {
            let parts = entry.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let dot = parts[0].lastIndex(of: ".") else { continue }
            let name = String(parts[0][..<dot])
            if parts[0].hasSuffix(".path") { modules[name, default: (nil, nil)].path = parts[1] }
            if parts[0].hasSuffix(".url") { modules[name, default: (nil, nil)].url = parts[1] }
        }
        return links.map { link in
            let url = modules.values.first { $0.path == link.path }?.url
            return Submodule(path: link.path, commit: link.commit, url: url)
        }
    }
}

extension GitSource {
    /// Puts submodules, and theirs, into their places.
    /// - Returns: what they take on the disk.
    func addSubmodules(
        _ submodules: [Submodule], to files: URL, of app: AppID, _ allowance: inout SubmoduleAllowance
    ) async throws(SourceError) -> Int64 {
        let base = try await remote(of: app).url
        var bytes: Int64 = 0
        for submodule in submodules {
            try allowance.takeSubmodule()
            let place = try Self.place(of: submodule, in: files)
            let neighbour = try await self.neighbour(submodule, of: app, at: base)
            allowance.depth -= 1
            do throws(SourceError) {
                let checkout = try await checkOut(submodule.commit, of: neighbour, &allowance)
                // In place of the empty folder that Git has made for it (rename(2)).
                let isMoved = rename(checkout.directory.path, place) == 0
                let own = checkout.directory.deletingLastPathComponent()
                bytes += await workspace.bytes(of: own)
                checkout.remove()
                if !isMoved { throw .broken("its place is no empty folder") }
            } catch { throw Self.named(error, submodule) }
            allowance.depth += 1
        }
        return bytes
    }

    /// The submodule's folder, when all folders above it are folders: a link could lead outside of the check-out.
    private static func place(of submodule: Submodule, in files: URL) throws(SourceError) -> String {
        var path = files.path
        for part in submodule.path.split(separator: "/", omittingEmptySubsequences: false) {
            path += "/" + part
            var status = stat()
            let isFolder = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            guard isFolder, !part.isEmpty, !part.hasPrefix("\""), part != ".", part != ".." else {
                throw .broken("The place of its submodule \(submodule.path) is not a folder, or has an odd name.")
            }
        }
        return path
    }

    /// The app whose repository the submodule is.
    private func neighbour(_ submodule: Submodule, of app: AppID, at base: String) async throws(SourceError) -> AppID {
        guard let url = submodule.url else {
            throw .broken("`.gitmodules` has no URL for its submodule \(submodule.path).")
        }
        guard let address = SubmoduleAddress.resolve(url, from: base) else {
            throw .broken("Its submodule \(submodule.path) is not at the same host, which is all that is read.")
        }
        let parts = SubmoduleAddress.plain(address).split(separator: "/").map(String.init)
        guard parts.count > 1 else { throw .broken("Its submodule \(submodule.path) has no proper URL.") }
        for organisation in [parts[parts.count - 2], app.organisation] {
            let candidate = AppID(organisation: organisation, name: parts[parts.count - 1])
            guard isPlausible(candidate) else { continue }
            do throws(SourceError) {
                if SubmoduleAddress.areSame(try await remote(of: candidate).url, address) { return candidate }
            } catch .noSuchRepository {} catch { throw Self.named(error, submodule) }
        }
        throw .broken("Its submodule \(submodule.path) is no repository that Iterapp may read.")
    }

    /// What went wrong was with the submodule, and not with the app's own repository.
    private static func named(_ error: SourceError, _ submodule: Submodule) -> SourceError {
        let name = "Its submodule \(submodule.path) can't be read"
        return switch error {
        case .noSuchRepository: .broken("\(name): there is no such repository, or Iterapp may not read it.")
        case .noSuchRevision, .ambiguousRevision, .empty:
            .broken("\(name): it has no commit \(submodule.commit.short) any more.")
        case .accessDenied(let reason): .accessDenied("\(name): \(reason)")
        case .broken(let reason): .broken("\(name): \(reason)")
        case .unreachable, .diskFull, .cancelled: error
        }
    }
}
