import JSON

/// An HTTP probe
/// (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/).
struct ProbePlan: Sendable, Equatable {
    enum Kind: String, Sendable { case readiness = "Readiness", liveness = "Liveness" }

    var path: String
    var port: Int
    var headers: [(name: String, value: String)]
    var initialDelay: Duration
    var period: Duration
    var timeout: Duration
    var successThreshold: Int
    var failureThreshold: Int

    /// Nil for what the node cannot do: other handlers than `httpGet`, HTTPS, an unknown port's name.
    init?(_ json: JSON, container: JSON) {
        guard let get = json["httpGet"], get["scheme"]?.string ?? "HTTP" == "HTTP",
            let port = Self.port(get["port"] ?? .null, of: container)
        else { return nil }
        let path = get["path"]?.string ?? "/"
        self.path = path.hasPrefix("/") ? path : "/" + path
        self.port = port
        headers = (get["httpHeaders"]?.array ?? []).map {
            ($0["name"]?.string ?? "", $0["value"]?.string ?? "")
        }
        func seconds(_ key: String, _ standard: Int) -> Duration { .seconds(json[key]?.int ?? standard) }
        initialDelay = seconds("initialDelaySeconds", 0)
        period = seconds("periodSeconds", 10)
        timeout = seconds("timeoutSeconds", 1)
        successThreshold = json["successThreshold"]?.int ?? 1
        failureThreshold = json["failureThreshold"]?.int ?? 3
    }

    private static func port(_ json: JSON, of container: JSON) -> Int? {
        if let number = json.int { return number }
        guard let name = json.string else { return nil }
        return (container["ports"]?.array ?? []).first { $0["name"]?.string == name }?["containerPort"]?.int
            ?? Int(name)
    }

    static func == (left: ProbePlan, right: ProbePlan) -> Bool {
        left.path == right.path && left.port == right.port && left.initialDelay == right.initialDelay
            && left.period == right.period && left.timeout == right.timeout
            && left.successThreshold == right.successThreshold
            && left.failureThreshold == right.failureThreshold
            && left.headers.elementsEqual(right.headers) { $0 == $1 }
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
