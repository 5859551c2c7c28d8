import AppFile
import Foundation

/// Names, hosts and environment variables of a release. Pure.
struct ReleasePlan: Sendable {
    let naming: Naming

    func release(for operation: Operation, _ built: BuiltCommit) throws -> Release {
        guard let environment = operation.environment, let images = built.build.images else {
            throw Failure(.service, "The deploy names no environment.")
        }
        let applings = try built.file.applings.map { appling in
            guard let image = images[appling.name ?? ""] else {
                throw Failure(
                    .service, "The image of `\(appling.name ?? "")` is missing from build \(built.build.number).")
            }
            return try released(appling, image, operation, built.build, environment)
        }
        try refuseSharedHosts(applings)
        return Release(
            operation: operation.id, app: operation.app, appSlug: Naming.slug(operation.app.name),
            environment: environment, namespace: naming.namespace(operation.app, environment),
            commit: built.build.commit, buildNumber: built.build.number, applings: applings)
    }

    private func released(
        _ appling: Appling, _ image: ImageReference, _ operation: Operation, _ build: Build,
        _ environment: EnvironmentName
    ) throws -> ReleasedAppling {
        let app = operation.app
        let name = ([Naming.slug(app.name)] + [appling.name].compactMap { $0 }.map(Naming.slug)).joined(separator: "-")
        guard Naming.isLabel(name) else {
            throw Failure(
                .rollOut, "`\(name)` can't be a name in the cluster: at most \(Naming.maxLabelBytes) lower-case "
                    + "letters, digits and `-`.", advice: "Rename the appling's folder.")
        }
        let hosts = appling.ingressDisabled ? [] : hosts(appling, app, environment)
        return ReleasedAppling(
            settings: appling, name: name, image: image,
            replicas: appling.replicas(in: environment.rawValue), hosts: hosts,
            variables: variables(appling, hosts, operation, build, environment))
    }

    /// The file's own names, and the one that every app has: which a file may repeat to make it the main one.
    private func hosts(_ appling: Appling, _ app: AppID, _ environment: EnvironmentName) -> [String] {
        let named = appling.domains(in: environment.rawValue)
        let own = naming.host(app, appling: appling.name, environment)
        return named.contains(own) ? named : named + [own]
    }

    /// The file's variables, then the platform's own, which win. `ITERAPP_*` are the old names of `HOPS_*`.
    private func variables(
        _ appling: Appling, _ hosts: [String], _ operation: Operation, _ build: Build,
        _ environment: EnvironmentName
    ) -> [ReleasedAppling.Variable] {
        var values: [String: EnvValue] = [:]
        for variable in appling.environment(for: environment.rawValue) { values[variable.name] = variable.value }
        var platform = [
            "PORT": String(appling.port),
            "HOPS_ENV": environment.rawValue,
            "HOPS_GIT_SHA": build.commit.sha,
            "HOPS_BUILD_ID": String(build.number),
            "HOPS_BUILD_NUMBER": String(build.number),
            "HOPS_DEPLOYMENT_ID": operation.id.description,
            "ITERAPP_GIT_SHA": build.commit.sha,
            "ITERAPP_BUILD_NUMBER": String(build.number),
            "ITERAPP_DEPLOYMENT_ID": operation.id.description,
            "HOPS_READINESS_PATH": appling.readiness.path,
        ]
        if let main = hosts.first {
            platform["HOPS_DOMAIN"] = main
            platform["HOPS_DOMAINS"] = hosts.joined(separator: ",")
        }
        if let metrics = appling.metrics {
            platform["HOPS_METRICS_PATH"] = metrics.path
            platform["HOPS_METRICS_PORT"] = String(metrics.port ?? appling.port)
        }
        for (name, value) in platform { values[name] = .plain(value) }
        return values.map { .init(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    private func refuseSharedHosts(_ applings: [ReleasedAppling]) throws {
        var owners: [String: String] = [:]
        for appling in applings {
            for host in appling.hosts {
                if let other = owners[host], other != appling.name {
                    throw Failure(
                        .settings, "`\(host)` is asked for by `\(other)` and by `\(appling.name)`.",
                        advice: "Give each host to one appling only.")
                }
                owners[host] = appling.name
            }
        }
    }

    /// A host that is another registered app's own, or below it, is not for this app to take.
    func refuseHosts(of apps: [AppID], in release: Release) throws {
        for app in apps where app != release.app {
            for own in EnvironmentName.all.map({ naming.host(app, appling: nil, $0) }) {
                for host in release.applings.flatMap(\.hosts) where host == own || host.hasSuffix(".\(own)") {
                    throw Failure(
                        .settings, "`\(host)` belongs to the app `\(naming.label(app))`.",
                        advice: "Take it out of `domains` and `[domains_env]`.")
                }
            }
        }
    }
}
