import TOML

// Folders that files are mounted in.
extension Agreement {
    /// The folder of one `[[files.…]]` table.
    private struct Mount {
        let table: String
        let path: String
        let file: Int
        let position: TOMLPosition
    }

    func checkMounts(_ all: inout [LoadedFile]) {
        let mounts = files.flatMap { self.mounts(of: all[$0], $0) }
        checkTwice(mounts, &all)
        for environment in Environments.all {
            let paths = appling.files.merged(for: environment).map(\.path)
            for (index, path) in paths.enumerated() {
                for inner in paths[index...] where inner != path && MountPath.contains(path, inner) {
                    report(inner, in: path, mounts.filter { $0.table == environment || $0.table == "common" }, &all)
                }
            }
        }
    }

    private func mounts(of file: LoadedFile, _ index: Int) -> [Mount] {
        file.section.section("files").entries.flatMap { table in
            (table.value.array ?? []).prefix(MountedFiles.maxMounts).compactMap { element in
                element.table?.entry("mount_path").flatMap { entry in
                    entry.value.string.map { path in
                        Mount(
                            table: table.name, path: MountPath.normalised(path), file: index,
                            position: entry.value.position)
                    }
                }
            }
        }
    }

    private func checkTwice(_ mounts: [Mount], _ all: inout [LoadedFile]) {
        var lines: [String: Int] = [:]
        for mount in mounts {
            let line = lines.updateValue(mount.position.line, forKey: "\(mount.file) \(mount.table) \(mount.path)")
            guard let line else { continue }
            all[mount.file].problems.add(
                mount.position,
                """
                something is mounted in `\(TOMLText.plain(mount.path))` already, on line \(line); one folder \
                can show the files of one Secret
                """)
        }
    }

    /// The folder of a Secret is read-only: nothing can be created inside it to mount another one in.
    private func report(_ inner: String, in outer: String, _ mounts: [Mount], _ all: inout [LoadedFile]) {
        // What cannot be mounted at all has its own problem already.
        guard MountPath.verdict(on: inner) == .right, MountPath.verdict(on: outer) == .right else { return }
        guard let one = mounts.last(where: { $0.path == inner }), let other = mounts.last(where: { $0.path == outer })
        else { return }
        let (later, earlier) = (one.file, one.position) < (other.file, other.position) ? (other, one) : (one, other)
        all[later.file].problems.add(
            later.position,
            """
            `\(TOMLText.plain(inner))` lies inside `\(TOMLText.plain(outer))`, and nothing can be mounted inside \
            the files of a Secret; choose another folder than on line \(earlier.position.line) of \
            \(all[earlier.file].path)
            """)
    }
}
