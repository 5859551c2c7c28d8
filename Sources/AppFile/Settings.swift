import TOML

/// What one `iterapp.toml` says, before defaults: nil stands for what it does not mention.
///
/// The meaning of the supported keys is here, in `init` and in `Appling.apply`.
struct Settings {
    var defaultEnvironment: String?
    var applings: [Placed<String>] = []
    var port: Int?
    var replicas: Int?
    var replicasTest: Int?
    var readiness = ProbeSettings()
    var liveness = ProbeSettings()
    var domains: [Placed<String>] = []
    var domainsEnv: [String: [Placed<String>]] = [:]
    var fromToWWWRedirect: Bool?
    var ingressDisabled: Bool?
    var env = Variables()
    /// `PORT` is no variable of the file's own; it may only repeat what the platform sets.
    var repeatedPorts: [Placed<EnvValue>] = []
    var cpu: String?
    var memory: String?
    var rollingUpdate: RollingUpdate?
    var metrics: MetricsSettings?

    struct MetricsSettings {
        var path: String?
        var port: Int?
    }

    init(_ root: TOMLTable) {
        let file = Section(root)
        defaultEnvironment = file.text("default_environment")
        applings = file.texts("applings")
        port = file.whole("port")
        replicas = file.whole("replicas")
        replicasTest = file.whole("replicas_test")
        readiness = ProbeSettings(file.section("readiness"))
        readiness.path = readiness.path ?? file.text("readiness_path")
        liveness = ProbeSettings(file.section("liveness"))
        liveness.path = liveness.path ?? file.text("liveness_path")
        liveness.port = liveness.port ?? file.whole("liveness_port")
        domains = file.texts("domains")
        for entry in file.section("domains_env").table.entries {
            domainsEnv[entry.name] = Section.texts(entry.value)
        }
        fromToWWWRedirect = file.flag("from_to_www_redirect")
        ingressDisabled = file.section("ingress").flag("disable")
        cpu = file.section("requests").text("cpu")
        memory = file.section("requests").text("memory")
        readRollingUpdate(file)
        readMetrics(file)
        readVariables(file.section("env"))
    }

    private mutating func readRollingUpdate(_ file: Section) {
        let pace = file.section("rolling_update")
        guard !pace.table.entries.isEmpty else { return }
        rollingUpdate = RollingUpdate(
            maxUnavailable: pace.podCount("max_unavailable"), maxSurge: pace.podCount("max_surge"))
    }

    private mutating func readMetrics(_ file: Section) {
        guard let table = file.table["metrics"]?.table else { return }
        let section = Section(table)
        metrics = MetricsSettings(path: section.text("path"), port: section.whole("port"))
    }

    private mutating func readVariables(_ section: Section) {
        for tables in section.table.entries {
            for entry in tables.value.table?.entries ?? [] {
                guard let value = EnvValue(entry.value) else { continue }
                if entry.name == "PORT" {
                    repeatedPorts.append(Placed(value, at: entry.position))
                } else if tables.name == "common" {
                    env.common[entry.name] = value
                } else {
                    env.byEnvironment[tables.name, default: [:]][entry.name] = value
                }
            }
        }
    }
}

/// What one file says about a probe.
struct ProbeSettings {
    var path: String?
    var port: Int?
    var timeoutSeconds: Int?
    var initialDelaySeconds: Int?
    var periodSeconds: Int?
    var failureThreshold: Int?
    var successThreshold: Int?

    init() {}

    init(_ section: Section) {
        path = section.text("path")
        port = section.whole("port")
        timeoutSeconds = section.whole("timeout_seconds")
        initialDelaySeconds = section.whole("initial_delay_seconds")
        periodSeconds = section.whole("period_seconds")
        failureThreshold = section.whole("failure_threshold")
        successThreshold = section.whole("success_threshold")
    }
}

extension EnvValue {
    init?(_ value: TOMLValue) {
        if let text = value.string {
            self = .plain(text)
            return
        }
        let section = Section(value.table)
        if let text = section.text("encrypted") {
            self = .encrypted(text)
        } else if let name = section.text("secret"), let key = section.text("key") {
            self = .secret(name: name, key: key)
        } else {
            return nil
        }
    }
}
