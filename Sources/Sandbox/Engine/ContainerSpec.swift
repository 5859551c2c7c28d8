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
    /// Mount points of memory-backed directories, empty at each start.
    package var temporaryDirectories: [String] = []
    package var hosts: [String] = []
    package var stopSignal: String?

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
        if !hosts.isEmpty, !sharesNetwork { host["ExtraHosts"] = .array(hosts.map(JSON.string)) }
        if !temporaryDirectories.isEmpty {
            host["Tmpfs"] = .object(Dictionary(
                temporaryDirectories.map { ($0, JSON.string("mode=1777,exec")) }) { first, _ in first })
        }
        return .object(host)
    }
}
