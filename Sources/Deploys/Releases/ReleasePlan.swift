import AppFile

/// What becomes a release: a commit's settings and images, bound for one environment. Pure.
package struct ReleasePlan: Sendable {
    package let operation: OperationID
    package let app: AppID
    package let environment: EnvironmentName
    package let file: AppFile
    package let commit: CommitID
    package let buildNumber: Int
    /// By appling; the key is empty for an app without applings.
    package let images: [String: ImageReference]

    package init(
        operation: OperationID, app: AppID, environment: EnvironmentName, file: AppFile, commit: CommitID,
        buildNumber: Int, images: [String: ImageReference]
    ) {
        self.operation = operation
        self.app = app
        self.environment = environment
        self.file = file
        self.commit = commit
        self.buildNumber = buildNumber
        self.images = images
    }

    /// Everything with its name, its hosts and its complete environment.
    /// - Throws: when an image is missing, or names and hosts can't be or collide.
    package func release(_ naming: Naming) throws(Failure) -> Release {
        var addOns: [AddOn] = []
        var applings: [ReleasedAppling] = []
        for appling in file.applings {
            let name = try name(of: appling)
            let own = AddOn.wanted(by: appling, called: name, in: app)
            for addOn in own { addOns.merge(addOn) }
            applings.append(try released(appling, name, own, naming))
        }
        addOns.sort { $0.name < $1.name }
        try refuseSharedNames(applings, addOns)
        try refuseSharedHosts(applings)
        try refuseHostsOfOtherEnvironments(applings, naming)
        return Release(
            operation: operation, app: app, appSlug: Naming.slug(app.name), environment: environment,
            namespace: naming.namespace(app, environment), commit: commit, buildNumber: buildNumber,
            applings: applings, addOns: addOns)
    }

    private func released(
        _ appling: Appling, _ name: String, _ addOns: [AddOn], _ naming: Naming
    ) throws(Failure) -> ReleasedAppling {
        guard let image = images[appling.name ?? ""] else {
            throw ServiceWords.missingImage(name, build: buildNumber)
        }
        let hosts = appling.ingressDisabled ? [] : hosts(appling, naming)
        let environment = ReleaseEnvironment(plan: self, appling: appling, hosts: hosts, addOns: addOns)
        return ReleasedAppling(
            settings: appling, name: name, image: image,
            replicas: appling.replicas(in: self.environment.rawValue), hosts: hosts,
            variables: environment.variables, addOns: addOns.map(\.name))
    }

    private func name(of appling: Appling) throws(Failure) -> String {
        let parts = [app.name] + (appling.name.map { [$0] } ?? [])
        let name = parts.map(Naming.slug).joined(separator: "-")
        try refuseUnlessLabel(name)
        return name
    }

    /// The file's own names, and the one that every app has: which a file may repeat to make it the main one.
    private func hosts(_ appling: Appling, _ naming: Naming) -> [String] {
        let named = appling.domains(in: environment.rawValue)
        let own = naming.host(app, appling: appling.name, environment)
        return named.contains(own) ? named : named + [own]
    }

    private func refuseUnlessLabel(_ name: String) throws(Failure) {
        guard !Naming.isLabel(name) else { return }
        throw SettingsWords.noClusterName(name)
    }

    /// An appling may be called just like an add-on: `redis` in `cats`.
    private func refuseSharedNames(_ applings: [ReleasedAppling], _ addOns: [AddOn]) throws(Failure) {
        for addOn in addOns {
            try refuseUnlessLabel(addOn.name)
            for appling in applings where [appling.name, appling.settings.name].contains(addOn.name) {
                throw SettingsWords.sharedName(addOn, appling.settings.name ?? appling.name)
            }
        }
    }

    private func refuseSharedHosts(_ applings: [ReleasedAppling]) throws(Failure) {
        var owners: [String: String] = [:]
        for appling in applings {
            for host in appling.claimedHosts(in: environment) {
                if let other = owners[host], other != appling.name {
                    throw SettingsWords.sharedHost(host, other, appling.name)
                }
                owners[host] = appling.name
            }
        }
    }

    /// Each environment has a namespace, and no cluster leads one host to two of them.
    private func refuseHostsOfOtherEnvironments(_ applings: [ReleasedAppling], _ naming: Naming) throws(Failure) {
        var owners: [String: EnvironmentName] = [:]
        for other in EnvironmentName.all where other != environment {
            for appling in file.applings { owners[naming.host(app, appling: appling.name, other)] = other }
        }
        // Operators may give one name to all environments.
        for appling in file.applings { owners[naming.host(app, appling: appling.name, environment)] = nil }
        for appling in applings {
            for host in appling.claimedHosts(in: environment) {
                guard let other = owners[host] else { continue }
                throw SettingsWords.hostElsewhere(host, appling.name, other)
            }
        }
    }
}
