extension Appling {
    /// An appling as the files say together, the root file first: what a later file mentions
    /// wins.
    init(name: String?, folder: String, settings: [Settings]) {
        self.init(name: name, folder: folder)
        var liveness = ProbeSettings()
        for said in settings {
            apply(said)
            liveness.override(with: said.liveness)
        }
        guard let path = liveness.path else { return }
        var probe = Probe(path: path)
        probe.apply(liveness)
        self.liveness = probe
    }

    private mutating func apply(_ settings: Settings) {
        port = settings.port ?? port
        replicas = settings.replicas ?? replicas
        replicasTest = settings.replicasTest ?? replicasTest
        readiness.apply(settings.readiness)
        if !settings.domains.isEmpty { domains = settings.domains.map { $0.value.lowercased() } }
        for (environment, names) in settings.domainsEnv {
            domainsEnv[environment] = names.map { $0.value.lowercased() }
        }
        fromToWWWRedirect = settings.fromToWWWRedirect ?? fromToWWWRedirect
        ingressDisabled = settings.ingressDisabled ?? ingressDisabled
        requests.cpu = settings.cpu ?? requests.cpu
        requests.memory = settings.memory ?? requests.memory
        rollingUpdate = rollingUpdate.overridden(by: settings.rollingUpdate)
        if let said = settings.metrics {
            var merged = metrics ?? Metrics()
            merged.path = said.path ?? merged.path
            merged.port = said.port ?? merged.port
            metrics = merged
        }
        env.override(with: settings.env)
    }
}

extension Probe {
    fileprivate mutating func apply(_ settings: ProbeSettings) {
        path = settings.path ?? path
        port = settings.port ?? port
        timeoutSeconds = settings.timeoutSeconds ?? timeoutSeconds
        initialDelaySeconds = settings.initialDelaySeconds ?? initialDelaySeconds
        periodSeconds = settings.periodSeconds ?? periodSeconds
        failureThreshold = settings.failureThreshold ?? failureThreshold
        successThreshold = settings.successThreshold ?? successThreshold
    }
}

extension ProbeSettings {
    fileprivate mutating func override(with own: ProbeSettings) {
        path = own.path ?? path
        port = own.port ?? port
        timeoutSeconds = own.timeoutSeconds ?? timeoutSeconds
        initialDelaySeconds = own.initialDelaySeconds ?? initialDelaySeconds
        periodSeconds = own.periodSeconds ?? periodSeconds
        failureThreshold = own.failureThreshold ?? failureThreshold
        successThreshold = own.successThreshold ?? successThreshold
    }
}

extension Optional where Wrapped == RollingUpdate {
    fileprivate func overridden(by own: RollingUpdate?) -> RollingUpdate? {
        guard let own else { return self }
        return RollingUpdate(
            maxUnavailable: own.maxUnavailable ?? self?.maxUnavailable,
            maxSurge: own.maxSurge ?? self?.maxSurge)
    }
}

extension Variables {
    /// The nearer file wins in every environment: what an appling sets for all environments
    /// also replaces what the root file sets for a single one.
    fileprivate mutating func override(with own: Variables) {
        for environment in byEnvironment.keys {
            byEnvironment[environment] = byEnvironment[environment]?
                .filter { own.common[$0.key] == nil }
        }
        common.merge(own.common) { _, own in own }
        for (environment, values) in own.byEnvironment {
            byEnvironment[environment, default: [:]].merge(values) { _, own in own }
        }
        byEnvironment = byEnvironment.filter { !$0.value.isEmpty }
    }
}
