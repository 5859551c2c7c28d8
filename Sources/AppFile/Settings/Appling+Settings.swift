import TOML

// What each key of `iterapp.toml` means. The parts are those of `Keys`.

extension Appling {
    /// An appling as the files say together.
    ///
    /// - Parameter files: the root file first, then the appling's own if it is another one. What a later file
    ///   mentions wins; add-ons of the root file are shared, those of a later one belong to the appling.
    init(name: String?, folder: String, files: [Section]) {
        self.init(name: name, folder: folder)
        for (index, file) in files.enumerated() {
            applyRunning(file)
            applyNetwork(file)
            applyEnvironment(file)
            applyAddOns(file, owner: index == 0 ? .app : .appling)
        }
        // A path can be in one file and the other settings of the probe in another; without one there is no probe.
        if liveness?.path.isEmpty ?? false { liveness = nil }
    }

    private mutating func applyRunning(_ file: Section) {
        port = file.whole("port") ?? port
        replicas = file.whole("replicas") ?? replicas
        replicasTest = file.whole("replicas_test") ?? replicasTest
        readiness.apply(file, "readiness")
        if file.names.contains(where: { $0.hasPrefix("liveness") }) {
            var probe = liveness ?? Probe(path: "")
            probe.apply(file, "liveness")
            liveness = probe
        }
        requests.cpu = file.section("requests").text("cpu") ?? requests.cpu
        requests.memory = file.section("requests").text("memory") ?? requests.memory
        if let pace = file.table("rolling_update"), !pace.names.isEmpty {
            rollingUpdate = RollingUpdate(
                maxUnavailable: pace.podCount("max_unavailable") ?? rollingUpdate?.maxUnavailable,
                maxSurge: pace.podCount("max_surge") ?? rollingUpdate?.maxSurge)
        }
        releaseCommand = file.section("release").text("command") ?? releaseCommand
    }

    private mutating func applyNetwork(_ file: Section) {
        let names = file.texts("domains")
        if !names.isEmpty { domains = names.map { $0.value.lowercased() } }
        for entry in file.section("domains_env").entries {
            domainsEnv[entry.name] = Section.texts(entry.value).map { $0.value.lowercased() }
        }
        fromToWWWRedirect = file.flag("from_to_www_redirect") ?? fromToWWWRedirect
        usesDNS01 = file.flag("dns01_for_acme") ?? usesDNS01
        let ingress = file.section("ingress")
        ingressDisabled = ingress.flag("disable") ?? ingressDisabled
        accessLogDisabled = ingress.flag("disable_access_log") ?? accessLogDisabled
        maxBodyBytes = ingress.text("proxy_max_body_size").flatMap(Quantity.bytes) ?? maxBodyBytes
        if let table = file.table("metrics") {
            var merged = metrics ?? Metrics()
            merged.path = table.text("path") ?? merged.path
            merged.port = table.whole("port") ?? merged.port
            metrics = merged
        }
    }

    private mutating func applyEnvironment(_ file: Section) {
        env.override(with: Variables(file.section("env")))
        files.override(with: MountedFiles(file.section("files")))
        let own = file.section("build_secrets").entries.compactMap { BuildSecret($0.name, Section($0.value.table)) }
        buildSecrets = buildSecrets.replacing(with: own, by: \.id)
    }

    private mutating func applyAddOns(_ file: Section, owner: AddOnOwner) {
        if let table = file.table("postgres") {
            postgres = Postgres(owner: owner, extensions: table.texts("extensions").map(\.value).uniqued())
        }
        if let table = file.table("redis_lfu_cache") {
            redis = table.flag("enabled") ?? true ? RedisCache(owner: owner) : nil
        }
        if file.table("nats") != nil { nats = NATSAccount(owner: owner) }
        let instances = file.section("cloud_sql_postgres_instances").entries.compactMap { entry in
            Int(entry.name).flatMap { port in
                entry.value.string.map { CloudSQLInstance(port: port, connectionName: $0) }
            }
        }
        cloudSQLInstances = cloudSQLInstances.replacing(with: instances, by: \.port)
        let jobs = file.section("cronjobs").entries.compactMap { CronJob($0.name, Section($0.value.table)) }
        cronJobs = cronJobs.replacing(with: jobs, by: \.name)
    }
}

extension Probe {
    /// - Parameter name: of the probe's table, and the beginning of its flat keys' names.
    fileprivate mutating func apply(_ file: Section, _ name: String) {
        let table = file.section(name)
        path = table.text("path") ?? file.text("\(name)_path") ?? path
        port = table.whole("port") ?? file.whole("\(name)_port") ?? port
        timeoutSeconds = table.whole("timeout_seconds") ?? timeoutSeconds
        initialDelaySeconds = table.whole("initial_delay_seconds") ?? initialDelaySeconds
        periodSeconds = table.whole("period_seconds") ?? periodSeconds
        failureThreshold = table.whole("failure_threshold") ?? failureThreshold
        successThreshold = table.whole("success_threshold") ?? successThreshold
    }
}

extension Array {
    /// The nearer file's elements, and those of the file before it that it does not replace, in order.
    fileprivate func replacing<ID: Hashable & Comparable>(
        with own: [Element], by id: (Element) -> ID
    ) -> [Element] {
        let replaced = Set(own.map(id))
        return (filter { !replaced.contains(id($0)) } + own).sorted { id($0) < id($1) }
    }
}

extension Array where Element: Hashable {
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
