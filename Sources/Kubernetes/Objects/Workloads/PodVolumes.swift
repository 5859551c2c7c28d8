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
            mount(["secretName": .string(mounted.secret)], as: "files-\(index + 1)", at: mounted.path)
        }
        for addOn in release.addOns where appling.addOns.contains(addOn.name) && addOn.kind == .nats {
            let names = [AddOn.natsAuthorityFile, AddOn.natsCredentialsFile]
            let items = names.map { ["key": .string($0), "path": .string($0)] as JSON }
            mount(
                ["secretName": .string(addOn.name), "items": .array(items)], as: "nats",
                at: AddOn.natsDirectory)
        }
    }

    private mutating func mount(_ secret: JSON, as name: String, at path: String) {
        volumes.append(["name": .string(name), "secret": secret])
        mounts.append(["name": .string(name), "mountPath": .string(path), "readOnly": true])
    }
}
