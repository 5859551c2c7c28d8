import JSON

/// A probe
/// (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/).
struct ProbePlan: Sendable, Equatable {
    enum Kind: String, Sendable { case startup = "Startup", readiness = "Readiness", liveness = "Liveness" }

    enum Handler: Sendable, Equatable {
        case http(HTTPGet)
        /// Whether something listens.
        case tcp(port: Int)
        case exec([String])
    }

    struct HTTPGet: Sendable, Equatable {
        var path: String
        var port: Int
        var headers: [Header]

        struct Header: Sendable, Equatable {
            var name: String
            var value: String
        }
    }

    var handler: Handler
    var initialDelay: Duration
    var period: Duration
    var timeout: Duration
    var successThreshold: Int
    var failureThreshold: Int

    /// Nil for what the node cannot do: gRPC, HTTPS, an unknown port's name.
    init?(_ json: JSON, container: JSON) {
        guard let handler = Self.handler(json, container) else { return nil }
        self.handler = handler
        func seconds(_ key: String, _ standard: Int) -> Duration { .seconds(json[key]?.int ?? standard) }
        initialDelay = seconds("initialDelaySeconds", 0)
        period = seconds("periodSeconds", 10)
        timeout = seconds("timeoutSeconds", 1)
        successThreshold = json["successThreshold"]?.int ?? 1
        failureThreshold = json["failureThreshold"]?.int ?? 3
    }

    private static func handler(_ json: JSON, _ container: JSON) -> Handler? {
        if let command = json.at("exec", "command")?.array?.compactMap(\.string) { return .exec(command) }
        if let socket = json["tcpSocket"] {
            return port(socket["port"] ?? .null, of: container).map { .tcp(port: $0) }
        }
        guard let get = json["httpGet"], get["scheme"]?.string ?? "HTTP" == "HTTP",
            let port = port(get["port"] ?? .null, of: container)
        else { return nil }
        let path = get["path"]?.string ?? "/"
        let headers = (get["httpHeaders"]?.array ?? []).map {
            HTTPGet.Header(name: $0["name"]?.string ?? "", value: $0["value"]?.string ?? "")
        }
        return .http(HTTPGet(path: path.hasPrefix("/") ? path : "/" + path, port: port, headers: headers))
    }

    private static func port(_ json: JSON, of container: JSON) -> Int? {
        if let number = json.int { return number }
        guard let name = json.string else { return nil }
        return (container["ports"]?.array ?? []).first { $0["name"]?.string == name }?["containerPort"]?.int
            ?? Int(name)
    }
}

/// Turns single outcomes into a state: it changes after so many of the other kind in a row.
struct ProbeCounter: Sendable, Equatable {
    let successThreshold: Int
    let failureThreshold: Int
    private var isLastSuccess: Bool?
    private var row = 0

    init(successThreshold: Int, failureThreshold: Int) {
        self.successThreshold = successThreshold
        self.failureThreshold = failureThreshold
    }

    /// - Returns: the new verdict, once enough outcomes of one kind came in a row; nil before.
    mutating func add(success: Bool) -> Bool? {
        row = isLastSuccess == success ? row + 1 : 1
        isLastSuccess = success
        return row >= (success ? successThreshold : failureThreshold) ? success : nil
    }
}
