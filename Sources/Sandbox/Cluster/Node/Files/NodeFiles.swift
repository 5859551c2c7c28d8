import Foundation
import JSON

/// The node's files, below the demo's own directory, which only its owner may enter: what pods see as volumes
/// and as `/etc/hosts`. They go with their pod.
actor NodeFiles {
    private nonisolated let executor = BlockingExecutor(label: "iterapp.node-files")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let root: URL
    /// Tells versions of a volume's content apart.
    private var version = 0

    init(root: URL) { self.root = root }

    private var pods: URL { root.appending(path: "pods", directoryHint: .isDirectory) }
    private func folder(_ uid: String) -> URL { pods.appending(path: uid, directoryHint: .isDirectory) }

    private func volume(_ name: String, _ uid: String) -> URL {
        folder(uid).appending(path: "volumes/\(name)", directoryHint: .isDirectory)
    }

    // MARK: - Volumes

    /// What stands in the way of a pod's volumes, one after the other.
    struct MountFailure: Error, Equatable {
        /// In the kubelet's words.
        let message: String
    }

    /// Makes the pod's volumes, or brings them up to date: content that did not change is left alone.
    func mount(
        _ pod: JSON, secrets: [String: JSON], configMaps: [String: JSON]
    ) throws(MountFailure) {
        let owner = VolumeOwner(group: pod.at("spec", "securityContext", "fsGroup")?.int)
        for volume in pod.at("spec", "volumes")?.array ?? [] {
            let name = volume["name"]?.string ?? ""
            do {
                try makeFolders(pod.uid)
                let place = self.volume(name, pod.uid)
                let content = try VolumeContent(volume: volume, secrets: secrets, configMaps: configMaps)
                guard let content else {
                    try FolderMaker.make(place, mode: 0o777, owner)
                    continue
                }
                version += 1
                try AtomicFolder(folder: place, owner: owner).write(
                    content, version: "\(getpid())_\(version)")
            } catch {
                let reason = (error as? VolumeContent.Missing)?.message ?? "\(error)"
                throw MountFailure(message: "MountVolume.SetUp failed for volume \"\(name)\" : \(reason)")
            }
        }
    }

    private func makeFolders(_ uid: String) throws {
        for place in [root, pods, folder(uid), folder(uid).appending(path: "volumes")] {
            // Nobody else on this machine has any business here.
            try FolderMaker.make(place, mode: 0o700)
        }
    }

    /// Where a container finds its volumes.
    func mounts(of container: JSON, in pod: JSON) throws(MountFailure) -> [ContainerSpec.Mount] {
        let kinds = Dictionary((pod.at("spec", "volumes")?.array ?? []).map { ($0["name"], $0) }) { $1 }
        var mounts: [ContainerSpec.Mount] = []
        for mount in container["volumeMounts"]?.array ?? [] {
            let name = mount["name"]?.string ?? ""
            let isEmpty = kinds[mount["name"]]?["emptyDir"] != nil
            let source = try source(volume(name, pod.uid), mount["subPath"]?.string ?? "", isEmpty: isEmpty)
            mounts.append(
                .init(
                    source: source, target: mount["mountPath"]?.string ?? "",
                    isReadOnly: !isEmpty || mount["readOnly"]?.bool == true))
        }
        return mounts
    }

    private func source(_ volume: URL, _ subPath: String, isEmpty: Bool) throws(MountFailure) -> String {
        if subPath.isEmpty { return volume.path }
        let place = volume.appending(path: subPath)
        let failure = MountFailure(
            message: "failed to prepare subPath for volumeMount \"\(volume.lastPathComponent)\"")
        if isEmpty, !FileManager.default.fileExists(atPath: place.path) {
            do {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try VolumeOwner(group: nil).give(place, mode: 0o777, isFolder: true)
            } catch { throw failure }
        }
        // A pod's own link must not lead out of its volume and into this machine.
        guard let real = realpath(place.path, nil), let top = realpath(volume.path, nil) else {
            throw failure
        }
        defer { for pointer in [real, top] { free(pointer) } }
        let path = String(cString: real)
        guard path.hasPrefix(String(cString: top) + "/") else { throw failure }
        return path
    }

    // MARK: - Names

    /// The file that a pod's containers get as `/etc/hosts`. Written in place, for it is mounted.
    /// - Returns: its path.
    func writeHosts(_ text: String, of uid: String) throws -> String {
        try makeFolders(uid)
        let path = folder(uid).appending(path: "etc-hosts").path
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw NodeFileError(path, errno) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count, ftruncate(file, off_t(bytes.count)) == 0,
            fchmod(file, 0o644) == 0
        else { throw NodeFileError(path, errno) }
        return path
    }

    // MARK: - Services

    private func targets(_ id: String) -> URL {
        root.appending(path: "services/\(id)", directoryHint: .isDirectory)
    }

    /// A file for each port, with the pods behind it.
    /// - Returns: the folder's path.
    func writeTargets(_ targets: [Int: String], of id: String) throws -> String {
        let folder = self.targets(id)
        try FolderMaker.make(root, mode: 0o700)
        try FolderMaker.make(root.appending(path: "services"), mode: 0o700)
        try FolderMaker.make(folder, mode: 0o755)
        for (port, lines) in targets {
            let (place, draft) = (folder.appending(path: "\(port)"), folder.appending(path: ".\(port)"))
            try Data(lines.utf8).write(to: draft)
            guard rename(draft.path, place.path) == 0 else { throw NodeFileError(place.path, errno) }
        }
        return folder.path
    }

    func removeTargets(of id: String) { try? FileManager.default.removeItem(at: targets(id)) }

    // MARK: - Going

    func remove(_ uid: String) { try? FileManager.default.removeItem(at: folder(uid)) }

    /// What earlier demos left.
    func keepOnly(_ uids: Set<String>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: pods.path)) ?? []
        for uid in names where !uids.contains(uid) { remove(uid) }
    }
}
