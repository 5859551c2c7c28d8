import JSON

/// What a container's spec says about it that people want to read: its port, its checks, what it asks for
/// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container).
struct ContainerSpec: Sendable, Equatable {
    let json: JSON

    var name: String { json["name"]?.string ?? "" }

    /// On which it serves, if it says so: the one that its Service looks for, or else the first.
    var port: Int? {
        let ports = json["ports"]?.array ?? []
        let main = ports.first { $0["name"]?.string == ObjectScope.containerPortName } ?? ports.first
        return main?["containerPort"]?.int
    }

    var readiness: HealthCheck? { check("readinessProbe") }
    var liveness: HealthCheck? { check("livenessProbe") }
    var startup: HealthCheck? { check("startupProbe") }

    /// Such as “250m CPU and 1Gi of memory”; nil when it asks for nothing.
    var requests: String? {
        let requests = json.at("resources", "requests")
        let parts = [
            requests?["cpu"]?.string.map { "\($0) CPU" }, requests?["memory"]?.string.map { "\($0) of memory" },
        ].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }

    /// A Kubernetes quantity.
    var memoryLimit: String? { json.at("resources", "limits", "memory")?.string }

    private func check(_ key: String) -> HealthCheck? {
        json[key].map { HealthCheck($0, ports: json["ports"]?.array ?? []) }
    }
}

/// How Kubernetes finds out whether a container is well (core/v1 Probe).
struct HealthCheck: Sendable, Equatable {
    enum Question: Sendable, Equatable {
        case get(path: String)
        case connection
        case gRPC
        case command
    }

    let question: Question
    /// Nil where none is asked, or where it has a name that no port has.
    let port: Int?
    let timeoutSeconds: Int

    /// - Parameter ports: the container's, which a check may refer to by name.
    init(_ probe: JSON, ports: [JSON]) {
        // The API server fills in 1.
        timeoutSeconds = probe["timeoutSeconds"]?.int ?? 1
        let target = probe["httpGet"] ?? probe["tcpSocket"] ?? probe["grpc"]
        let named = ports.first { $0["name"] != nil && $0["name"] == target?["port"] }
        port = target?["port"]?.int ?? named?["containerPort"]?.int
        if let get = probe["httpGet"] {
            question = .get(path: get["path"]?.string ?? "/")
        } else if probe["tcpSocket"] != nil {
            question = .connection
        } else {
            question = probe["grpc"] != nil ? .gRPC : .command
        }
    }

    /// What is asked: “GET /health on port 8080”.
    var text: String {
        let place = port.map { " on port \($0)" } ?? ""
        return switch question {
        case .get(let path): "GET \(path)\(place)"
        case .connection: port.map { "a connection to port \($0)" } ?? "a connection"
        case .gRPC: "the gRPC health check\(place)"
        case .command: "the check's command"
        }
    }
}
