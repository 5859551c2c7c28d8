import AppFile
import Deploys
import JSON

/// The files that an appling finds in its container: those of Secrets that people made, and those of its NATS
/// account.
struct PodVolumes {
    private(set) var volumes: [JSON] = []
    private(set) var mounts: [JSON] = []

    init(_ appling: ReleasedAppling, in release: Release) {
        let files = appling.settings.files.merged(for: release.environment.rawValue)
        for (index, mounted) in files.enumerated() {
            mount(["secret": ["secretName": .string(mounted.secret)]], as: "files-\(index + 1)", at: mounted.path)
        }
        for addOn in release.addOns where appling.addOns.contains(addOn.name) && addOn.kind == .nats {
            mount(Self.natsFiles(addOn), as: "nats-files", at: AddOn.natsDirectory)
        }
    }

    /// One Secret twice: what a source lacks is either missing or optional, for all of its files
    /// (https://kubernetes.io/docs/concepts/storage/projected-volumes/).
    private static func natsFiles(_ addOn: AddOn) -> JSON {
        func source(_ file: String, isOptional: Bool) -> JSON {
            var secret: JSON = ["name": .string(addOn.name), "items": [["key": .string(file), "path": .string(file)]]]
            if isOptional { secret["optional"] = true }
            return ["secret": secret]
        }
        let sources = [
            source(AddOn.natsCredentialsFile, isOptional: false), source(AddOn.natsAuthorityFile, isOptional: true),
        ]
        return ["projected": ["sources": .array(sources)]]
    }

    private mutating func mount(_ volume: JSON, as name: String, at path: String) {
        var volume = volume
        volume["name"] = .string(name)
        volumes.append(volume)
        mounts.append(["name": .string(name), "mountPath": .string(path), "readOnly": true])
    }
}
