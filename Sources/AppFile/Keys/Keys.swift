/// Every key that `iterapp.toml` knows: its shape, and where it may stand. `Appling+Settings` gives each its
/// meaning; nothing else lists keys.
enum Keys {
    static let all: [Key] = repository + running + network + environment + addOns

    private static let repository: [Key] = [
        Key("applings", .list(.folder, maxCount: AppFile.maxApplings), .repository),
        Key("default_environment", .text(.defaultEnvironment), .repository),
    ]

    private static let running: [Key] = [
        Key("port", port),
        Key("replicas", .whole(1...100)),
        Key("replicas_test", .whole(1...100)),
        Key("readiness_path", .text(.urlPath)),
        Key("liveness_path", .text(.urlPath)),
        Key("liveness_port", port),
        Key("readiness", .table(probe(successes: 1...100))),
        // Kubernetes accepts no other number of successes for a liveness probe.
        Key("liveness", .table(probe(successes: 1...1))),
        Key("requests", .table([Key("cpu", .text(.cpu)), Key("memory", .text(.memory))])),
        Key("rolling_update", .table([Key("max_unavailable", .podCount), Key("max_surge", .podCount)])),
        Key("release", .table([Key("command", .text(.command), required: true)]), .own),
    ]

    private static let network: [Key] = [
        Key("domains", .list(.host, maxCount: maxDomains), .own),
        Key("domains_env", .named(.environments, .list(.host, maxCount: maxDomains)), .own),
        Key("from_to_www_redirect", .flag),
        Key("dns01_for_acme", .flag),
        Key("ingress", .table([
            Key("disable", .flag),
            Key("disable_access_log", .flag),
            Key("proxy_max_body_size", .text(.bodySize)),
        ])),
        Key("metrics", .table([Key("path", .text(.urlPath)), Key("port", port)])),
    ]

    private static let environment: [Key] = [
        Key("env", .named(.environmentsAndCommon, .named(.variables, .variable))),
        Key("files", .named(.environmentsAndCommon, .tables([
            Key("mount_path", .text(.mountPath), required: true),
            Key("secret", .text(.secretName), required: true),
        ], maxCount: 50))),
        Key("build_secrets", .named(.buildSecrets, .encrypted)),
    ]

    private static let addOns: [Key] = [
        Key("postgres", .table([
            Key("extensions", .list(.postgresExtension, maxCount: 100)),
        ])),
        Key("redis_lfu_cache", .table([Key("enabled", .flag)])),
        Key("cloud_sql_postgres_instances", .named(.ports, .text(.cloudSQL))),
        Key("nats", .table([])),
        Key("cronjobs", .named(.cronJobs, .table([
            Key("schedule", .text(.schedule), required: true),
            Key("path", .text(.urlPath), required: true),
            Key("method", .text(.httpMethod)),
            Key("headers", .named(.headers, .text(.headerValue))),
        ])), .own),
    ]

    private static let port = Key.Shape.whole(1...65535)

    /// Let's Encrypt puts at most 100 names into one certificate, and a redirect doubles them.
    private static let maxDomains = 50

    private static func probe(successes: ClosedRange<Int>) -> [Key] {
        [
            Key("path", .text(.urlPath)),
            Key("port", port),
            Key("timeout_seconds", .whole(1...3600)),
            Key("initial_delay_seconds", .whole(0...3600)),
            Key("period_seconds", .whole(1...3600)),
            Key("failure_threshold", .whole(1...1000)),
            Key("success_threshold", .whole(successes)),
        ]
    }
}

extension Keys {
    static let names = all.map(\.name)

    /// The tables in which a key may stand, as `[requests]`.
    static func tables(with name: String) -> [String] {
        all.filter { $0.shape.keys.contains { $0.name == name } }.map { key in
            if case .named = key.shape { "[\(key.name).…]" } else { "[\(key.name)]" }
        }
    }
}
