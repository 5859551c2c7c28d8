import JSON

/// Every key that `iterapp.toml` knows: its shape, where it may stand, its default and what it is for.
///
/// This is the only list of keys: the checker compares files with it, and the JSON Schema for editors is made of it.
/// `Appling+Settings` gives each key its meaning.
enum Keys {
    static let all: [Key] = repository + running + network + environment + addOns

    private static let repository: [Key] = [
        Key("applings", .list(.folder, maxCount: AppFile.maxApplings), reach: .repository, default: [],
            """
            The folders of the applings: parts of the app that are built and run on their own. Each has its own \
            Dockerfile and can have its own iterapp.toml.
            """),
        Key("default_environment", .text(.defaultEnvironment), reach: .repository, default: "test",
            "Where a push to the default branch is deployed to; `none` to build it only."),
    ]

    // MARK: Running

    private static let running: [Key] = [
        Key("port", port, default: 3000, "Where the app listens for HTTP; it gets the number as `PORT`."),
        Key("replicas", .whole(1...100), default: 2, "How many instances run in prod."),
        Key("replicas_test", .whole(1...100), default: 1, "How many instances run in every other environment."),
        Key("readiness_path", .text(.urlPath), default: "/health",
            "Answers with a status from 200 to 399 while an instance can take requests."),
        Key("liveness_path", .text(.urlPath),
            "Answers with a status from 200 to 399 unless an instance must be started anew; without it, nothing asks."),
        Key("liveness_port", port, "Where `liveness_path` is asked for, if not on `port`."),
        Key("readiness", .table(probe(path: "/health", successes: 1...100)),
            "How it is found out whether an instance can take requests."),
        // Kubernetes accepts no other number of successes for a liveness probe.
        Key("liveness", .table(probe(path: nil, successes: 1...1)),
            "How it is found out whether an instance must be started anew; needs a path."),
        Key("requests", .table([
            Key("cpu", .text(.cpu), default: "25m", "Processors: `1` is a whole one, `25m` a fortieth."),
            Key("memory", .text(.memory), default: "100Mi", "Memory, in `Mi` or `Gi`."),
        ]), "What is set aside for each instance; not the most that it can use."),
        Key("rolling_update", .table([
            Key("max_unavailable", .podCount, "How many instances may be missing: a number, or a percentage."),
            Key("max_surge", .podCount, "How many more instances may run meanwhile: a number, or a percentage."),
        ]), "How fast a new version replaces the old one."),
        Key("release", .table([
            Key("command", .text(.command), required: true, "Runs in a shell of the new image."),
        ]), reach: .own, "What runs once for each deploy before the new version gets requests, such as migrations."),
    ]

    private static let port = Key.Shape.whole(1...65535)

    private static func probe(path: JSON?, successes: ClosedRange<Int>) -> [Key] {
        [
            Key("path", .text(.urlPath), default: path, "Answers with a status from 200 to 399 if all is well."),
            Key("port", port, "Where the path is asked for, if not on the app's `port`."),
            Key("timeout_seconds", .whole(1...3600), default: 1, "How long an answer may take."),
            Key("initial_delay_seconds", .whole(0...3600), default: 0, "How long after the start nothing is asked."),
            Key("period_seconds", .whole(1...3600), default: 2, "How often it is asked."),
            Key("failure_threshold", .whole(1...1000), default: 3, "How many failures in a row count."),
            Key("success_threshold", .whole(successes), default: 1, "How many successes in a row count."),
        ]
    }

    // MARK: Network

    private static let network: [Key] = [
        Key("domains", .list(.host, maxCount: maxDomains), reach: .own, default: [],
            "Further host names in prod; the first one is the main one."),
        Key("domains_env", .named(.environments, .list(.host, maxCount: maxDomains)), reach: .own,
            "Further host names in each environment."),
        Key("from_to_www_redirect", .flag, default: false,
            "Whether each domain's name with `www.`, or without it, leads to the domain."),
        Key("dns01_for_acme", .flag, default: false,
            "Whether certificates are proven by DNS: needed before the domain points here."),
        Key("ingress", .table([
            Key("disable", .flag, default: false, "Whether nothing outside the cluster reaches the app."),
            Key("disable_access_log", .flag, default: false, "Whether requests are not logged."),
            Key("proxy_max_body_size", .text(.bodySize),
                "The largest body of a request, such as `8m`; `0` for no limit. By default the ingress decides."),
        ]), "How requests get to the app."),
        Key("metrics", .table([
            Key("path", .text(.urlPath), default: "/metrics", "Answers with the metrics in the OpenMetrics format."),
            Key("port", port, "Where the path is asked for, if not on the app's `port`."),
        ]), "Has metrics collected."),
    ]

    /// Let's Encrypt puts at most 100 names into one certificate, and a redirect doubles them.
    private static let maxDomains = 50

    // MARK: Environment

    private static let environment: [Key] = [
        Key("env", .named(.environmentsAndCommon, .named(.variables, .variable)),
            "Environment variables: `[env.common]` for all environments, overridden by an environment's own table."),
        Key("files", .named(.environmentsAndCommon, .tables(mountedSecret, maxCount: MountedFiles.maxMounts)),
            "Files of Kubernetes Secrets, as `[[files.common]]` or `[[files.prod]]`."),
        Key("build_secrets", .named(.buildSecrets, .encrypted),
            "Secrets that only the Dockerfile's `RUN --mount=type=secret,id=…` sees, by id."),
    ]

    private static let mountedSecret = [
        Key("mount_path", .text(.mountPath), required: true, "The folder in which they appear; use an empty one."),
        Key("secret", .text(.secretName), required: true, "The name of the Kubernetes Secret that holds them."),
    ]

    // MARK: Add-ons

    private static let addOns: [Key] = [
        Key("postgres", .table([
            Key("extensions", .list(.postgresExtension, maxCount: 100), default: [],
                "Extensions that are created in the database. Taking one out of the list does not remove it."),
        ]), "A Postgres database for each environment; the app gets `DATABASE_URL`."),
        Key("redis_lfu_cache", .table([
            Key("enabled", .flag, default: true, "False takes the shared cache away from one appling."),
        ]), "A Redis that keeps what is used most, up to 100 MB and in memory only; the app gets `REDIS_URL`."),
        Key("cloud_sql_postgres_instances", .named(.ports, .text(.cloudSQL)),
            "Cloud SQL instances by the port of localhost on which the app reaches them."),
        Key("nats", .table([]), "A NATS account for each environment; the app gets `NATS_URL`."),
        Key("cronjobs", .named(.cronJobs, .table([
            Key("schedule", .text(.schedule), required: true,
                "When: minute, hour, day of the month, month and day of the week, in UTC."),
            Key("path", .text(.urlPath), required: true, "What is asked for; the app has 10 seconds to answer."),
            Key("method", .text(.httpMethod), default: "GET", "The HTTP method. The default will become POST."),
            Key("headers", .named(.headers, .text(.headerValue)), "HTTP headers by name."),
        ])), reach: .own, "Requests that the app gets at certain times, by name."),
    ]

    // MARK: Values

    /// What a variable can be besides a text: a key of a Kubernetes Secret.
    static let reference = [
        Key("secret", .text(.secretName), required: true, "The name of a Kubernetes Secret in the app's namespace."),
        Key("key", .text(.secretKey), required: true, "The key in it that holds the value."),
    ]

    /// Or a secret that stands in the file.
    static let sealed = [
        Key("encrypted", .text(.encrypted), required: true, "What `iterapp encrypt` printed for this app and scope."),
    ]
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
