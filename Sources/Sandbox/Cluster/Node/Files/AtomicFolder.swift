import Foundation

/// A folder whose files change all at once, laid out as the kubelet does it: they lie in a hidden folder of
/// one version, `..data` leads to that, and names in the folder lead through `..data`
/// (https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod).
struct AtomicFolder {
    let folder: URL
    let owner: VolumeOwner
    private static let link = "..data"

    /// Does nothing when the files are there already.
    func write(_ content: VolumeContent, version: String) throws {
        let files = FileManager.default
        try FolderMaker.make(folder, mode: 0o755, owner)
        let old = try? files.destinationOfSymbolicLink(atPath: folder.appending(path: Self.link).path)
        if let old, isSame(content, folder.appending(path: old)) { return }
        let name = "..\(version)"
        let data = folder.appending(path: name, directoryHint: .isDirectory)
        try? files.removeItem(at: data)
        try FolderMaker.make(data, mode: 0o755, owner)
        for file in content.files {
            let place = data.appending(path: file.path)
            try makeFolders(of: file.path, in: data)
            try Data(file.bytes).write(to: place)
            try owner.give(place, mode: file.mode, isFolder: false)
        }
        let draft = folder.appending(path: "..data_next")
        try? files.removeItem(at: draft)
        try files.createSymbolicLink(atPath: draft.path, withDestinationPath: name)
        guard rename(draft.path, folder.appending(path: Self.link).path) == 0 else {
            throw NodeFileError(folder.path, errno)
        }
        try linkNames(content)
        if let old, old != name { try? files.removeItem(at: folder.appending(path: old)) }
    }

    private func makeFolders(of path: String, in data: URL) throws {
        var place = data
        for part in path.split(separator: "/").dropLast() {
            place.append(path: String(part), directoryHint: .isDirectory)
            try FolderMaker.make(place, mode: 0o755, owner)
        }
    }

    private func linkNames(_ content: VolumeContent) throws {
        let files = FileManager.default
        let names = Set(content.files.compactMap { $0.path.split(separator: "/").first.map(String.init) })
        for name in try files.contentsOfDirectory(atPath: folder.path)
        where !name.hasPrefix("..") && !names.contains(name) {
            try files.removeItem(at: folder.appending(path: name))
        }
        for name in names {
            let place = folder.appending(path: name)
            if (try? files.destinationOfSymbolicLink(atPath: place.path)) != nil { continue }
            try files.createSymbolicLink(atPath: place.path, withDestinationPath: "\(Self.link)/\(name)")
        }
    }

    private func isSame(_ content: VolumeContent, _ data: URL) -> Bool {
        let present = FileManager.default.enumerator(atPath: data.path)?.compactMap { entry -> String? in
            let path = data.appending(path: entry as? String ?? "").path
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
                ? entry as? String : nil
        }
        guard Set(present ?? []) == Set(content.files.map(\.path)) else { return false }
        return content.files.allSatisfy { file in
            FileManager.default.contents(atPath: data.appending(path: file.path).path) == Data(file.bytes)
        }
    }
}

/// Why a file of a pod could not be written; the path and the system's reason.
struct NodeFileError: Error, CustomStringConvertible {
    let description: String

    init(_ path: String, _ code: Int32) {
        description = "\(path): \(String(cString: strerror(code)))"
    }
}

/// Whose files a pod's volumes are.
struct VolumeOwner: Sendable, Equatable {
    /// `spec.securityContext.fsGroup`
    let group: Int?

    /// Sets permission bits, and the group with what it may do.
    func give(_ place: URL, mode: Int, isFolder: Bool) throws {
        var mode = mode
        if let group {
            mode |= isFolder ? 0o2050 | (mode & 0o002 != 0 ? 0o020 : 0) : 0o040
            // Only root may give files away; what the group may do, all may then.
            if chown(place.path, uid_t.max, gid_t(group)) != 0 { mode |= (mode & 0o070) >> 3 }
        }
        // Not left to the process's mask.
        guard chmod(place.path, mode_t(mode)) == 0 else { throw NodeFileError(place.path, errno) }
    }
}

enum FolderMaker {
    /// Makes the folder if it is not there.
    static func make(_ folder: URL, mode: Int, _ owner: VolumeOwner = VolumeOwner(group: nil)) throws {
        if mkdir(folder.path, 0o700) != 0 {
            guard errno == EEXIST else { throw NodeFileError(folder.path, errno) }
            return
        }
        try owner.give(folder, mode: mode, isFolder: true)
    }
}
