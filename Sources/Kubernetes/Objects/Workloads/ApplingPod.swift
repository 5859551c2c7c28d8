import AppFile
import Deploys
import JSON

/// What an appling's pods have in common, whether they serve or run its release command: the image, the
/// environment, files, and what runs beside them.
struct ApplingPod {
    let appling: ReleasedAppling
    let scope: ObjectScope
    let options: RenderOptions
    private let environment: EnvironmentObjects
    private let volumes: PodVolumes
    private let proxy: CloudSQLProxy?

    init(
        _ appling: ReleasedAppling, _ environment: EnvironmentObjects, scope: ObjectScope,
        options: RenderOptions
    ) {
        self.appling = appling
        self.environment = environment
        self.scope = scope
        self.options = options
        volumes = PodVolumes(appling, in: scope.release)
        proxy = CloudSQLProxy(appling.settings, options)
    }

    /// A pod's spec around one container of the appling's image.
    /// - Parameters:
    ///   - name: the container's.
    ///   - container: what this container has beyond image, environment, files and requests.
    ///   - members: what this spec has beyond the usual.
    func spec(container name: String, _ container: [String: JSON?], _ members: [String: JSON?]) -> JSON {
        let main: JSON = .compact(common(name).merging(container) { _, own in own })
        let beside = proxy.map { [$0.container] } ?? []
        let isNative = proxy?.isNativeSidecar ?? false
        let spec: [String: JSON?] = [
            "serviceAccountName": .string(scope.serviceAccountName),
            "automountServiceAccountToken": false,
            // Otherwise every Service of the namespace adds variables such as CATS_PORT, which can
            // collide with the app's own.
            "enableServiceLinks": false,
            "initContainers": isNative ? .array(beside) : nil,
            "containers": .array([main] + (isNative ? [] : beside)),
            "volumes": volumes.volumes.isEmpty ? nil : .array(volumes.volumes),
        ]
        return .compact(spec.merging(members) { _, own in own })
    }

    /// Identifies a template: two pods with the same value are of the same version.
    ///
    /// The operation is part of it: deploying again starts new pods, which is how a changed Secret that
    /// people made reaches an app, and repeating the same operation changes nothing.
    func templateDigest(_ spec: JSON) -> String {
        let identity: JSON = ["operation": .string(scope.release.operation.description), "spec": spec]
        return identity.digest
    }

    private func common(_ name: String) -> [String: JSON?] {
        let requests = appling.settings.requests
        return [
            "name": .string(name),
            "image": .string(appling.image.text),
            // Images are named by digest, or live on the node only: what is there is what was meant.
            "imagePullPolicy": "IfNotPresent",
            "env": environment.references.isEmpty ? nil : .array(environment.references),
            "envFrom": environment.secretName.map { [["secretRef": ["name": .string($0)]]] },
            "resources": ["requests": ["cpu": .string(requests.cpu), "memory": .string(requests.memory)]],
            "volumeMounts": volumes.mounts.isEmpty ? nil : .array(volumes.mounts),
        ]
    }
}
