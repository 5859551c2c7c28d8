import Deploys
import Foundation

/// Repositories in a folder: `root/cats` in the default organisation, `root/org/cats` in others.
/// Each may be a work tree or bare, and may be called `cats.git`.
package struct DirectoryRemotes: Sendable {
    package let root: URL
    package let defaultOrganisation: String

    package init(root: URL, defaultOrganisation: String) {
        self.root = root
        self.defaultOrganisation = defaultOrganisation
    }

    /// Nil when there is no repository of that name, or when its path leaves `root` once symbolic
    /// links are followed.
    package func remote(of app: AppID) -> GitRemote? {
        guard let base = realPath(root.path) else { return nil }
        var names = [app.name]
        if app.organisation.lowercased() != defaultOrganisation.lowercased() {
            names.insert(app.organisation, at: 0)
        }
        // A name with a slash or of dots only would be a path of its own.
        guard
            names.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("/") && !$0.contains("\0") })
        else { return nil }
        let folder = base + "/" + names.joined(separator: "/")
        for candidate in [folder, folder + ".git"] {
            guard let directory = gitDirectory(of: candidate), isInside(directory, base) else { continue }
            return GitRemote(url: directory)
        }
        return nil
    }

    /// Where the folder's objects and references are, links followed (gitrepository-layout(5)).
    private func gitDirectory(of folder: String) -> String? {
        for candidate in [folder + "/.git", folder] {
            guard let directory = realPath(candidate) else { continue }
            let isRepository = ["HEAD", "objects", "refs"].allSatisfy {
                FileManager.default.fileExists(atPath: directory + "/" + $0)
            }
            if isRepository { return directory }
        }
        return nil
    }

    private func isInside(_ path: String, _ base: String) -> Bool {
        path.hasPrefix(base == "/" ? base : base + "/")
    }

    private func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
