import Foundation

/// What a program that was killed leaves in a mirror.
enum Leftovers {
    /// Removes locks, which would stop the next fetch, and half packs, which would never be used nor removed. Nothing
    /// may be writing to the mirror.
    static func remove(from mirror: URL) {
        let files = FileManager.default
        for path in locks(below: mirror.path) { try? files.removeItem(atPath: path) }
        let objects = mirror.appending(path: "objects").path
        let packs = objects + "/pack"
        for folder in [objects, packs] {
            for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] where isHalf(name) {
                try? files.removeItem(atPath: folder + "/" + name)
            }
        }
    }

    /// `tmp_pack_…`, `tmp_idx_…`, `tmp_obj_…` and folders of objects that were not taken over yet (`tmp_objdir-…`);
    /// a repack writes `.tmp-…`.
    private static func isHalf(_ name: String) -> Bool { name.hasPrefix("tmp_") || name.hasPrefix(".tmp-") }

    /// Git locks a file by making a second one beside it that ends with `.lock`, which no reference may.
    private static func locks(below mirror: String) -> [String] {
        let top = (try? FileManager.default.contentsOfDirectory(atPath: mirror)) ?? []
        let deep = (FileManager.default.enumerator(atPath: mirror + "/refs")?.allObjects as? [String]) ?? []
        return (top.map { "/" + $0 } + deep.map { "/refs/" + $0 }).filter { $0.hasSuffix(".lock") }.map { mirror + $0 }
    }
}

/// Programs of an earlier process that was killed: they go on without it, and would write to mirrors that are ours now.
enum Orphans {
    /// Kills every program that was started with this file as Git's configuration.
    static func stop(configuration: URL) {
        let mark = Data("GIT_CONFIG_GLOBAL=\(configuration.path)\0".utf8)
        for process in processes(with: mark) where process != getpid() {
            kill(process, SIGKILL)
            // A killed program still ends what the kernel does for it.
            var checks = 0
            while checks < maxChecks, environment(of: process)?.range(of: mark) != nil {
                usleep(checkMicroseconds)
                checks += 1
            }
        }
    }

    private static let maxChecks = 200
    private static let checkMicroseconds: UInt32 = 5_000

    private static func processes(with mark: Data) -> [pid_t] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { environment(of: $0)?.range(of: mark) != nil }
    }

    /// As the program was started (proc(5)); nil for other users' programs. Empty for one that has ended.
    private static func environment(of process: pid_t) -> Data? {
        FileManager.default.contents(atPath: "/proc/\(process)/environ")
    }
}
