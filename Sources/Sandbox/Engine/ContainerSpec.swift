import JSON

/// What a container is to be made of: the part of the Engine's `ContainerConfig` and `HostConfig` that a
/// pod can ask for (docs.docker.com/reference/api/engine, `ContainerCreate`).
package struct ContainerSpec: Sendable, Equatable {
    package var name: String
    package var image: String
    /// Nil keeps the image's. A set entrypoint makes the engine ignore the image's command, as a pod's
    /// `command` does.
    package var entrypoint: [String]?
    package var arguments: [String]?
    /// `NAME=value`, in order.
    package var environment: [String] = []
    package var labels: [String: String] = [:]
    package var hostname: String?
    package var workingDirectory: String?
    package var user: String?
    package var memoryLimitBytes: Int?
    /// `bridge`, or `container:ID` to share the network of another container.
    package var network = "bridge"
    package var readOnlyRoot = false
    package var noNewPrivileges = false
    package var dropCapabilities: [String] = []
    package var addCapabilities: [String] = []
    package var mounts: [Mount] = []
    /// Numbers of the groups that its processes belong to besides their user's.
    package var groups: [String] = []
    package var stopSignal: String?

    /// A file or folder of this machine, seen inside.
    package struct Mount: Sendable, Equatable {
        package var source: String
        package var target: String
        package var isReadOnly: Bool

        package init(source: String, target: String, isReadOnly: Bool) {
            self.source = source
            self.target = target
            self.isReadOnly = isReadOnly
        }
    }

    package init(name: String, image: String) {
        self.name = name
        self.image = image
    }
}

extension ContainerSpec {
    /// One container's log is cut off here, so that a chatty app does not fill the disk.
    static let maxLogBytes = 8 << 20
    static let maxLogFiles = 2

    /// The body of `POST /containers/create`.
    var body: JSON {
        var config: [String: JSON] = [
            "Image": .string(image),
            "Env": .array(environment.map(JSON.string)),
            "Labels": .object(labels.mapValues(JSON.string)),
            "HostConfig": hostConfig,
        ]
        if let entrypoint { config["Entrypoint"] = .array(entrypoint.map(JSON.string)) }
        if let arguments { config["Cmd"] = .array(arguments.map(JSON.string)) }
        if let hostname, !sharesNetwork { config["Hostname"] = .string(hostname) }
        if let workingDirectory { config["WorkingDir"] = .string(workingDirectory) }
        if let user { config["User"] = .string(user) }
        if let stopSignal { config["StopSignal"] = .string(stopSignal) }
        return .object(config)
    }

    private var sharesNetwork: Bool { network.hasPrefix("container:") }

    private var hostConfig: JSON {
        var host: [String: JSON] = [
            "NetworkMode": .string(network),
            "RestartPolicy": ["Name": "no"],
            "LogConfig": [
                "Type": "json-file",
                "Config": [
                    "max-size": .string("\(Self.maxLogBytes)"),
                    "max-file": .string("\(Self.maxLogFiles)"),
                ],
            ],
        ]
        if let memoryLimitBytes {
            host["Memory"] = .int(memoryLimitBytes)
            // The same value means no swap, as on a Kubernetes node.
            host["MemorySwap"] = .int(memoryLimitBytes)
        }
        if readOnlyRoot { host["ReadonlyRootfs"] = true }
        if noNewPrivileges { host["SecurityOpt"] = ["no-new-privileges"] }
        if !dropCapabilities.isEmpty { host["CapDrop"] = .array(dropCapabilities.map(JSON.string)) }
        if !addCapabilities.isEmpty { host["CapAdd"] = .array(addCapabilities.map(JSON.string)) }
        if !groups.isEmpty { host["GroupAdd"] = .array(groups.map(JSON.string)) }
        if !mounts.isEmpty {
            host["Mounts"] = .array(mounts.map { mount in
                [
                    "Type": "bind", "Source": .string(mount.source), "Target": .string(mount.target),
                    "ReadOnly": .bool(mount.isReadOnly),
                ]
            })
        }
        return .object(host)
    }
}
