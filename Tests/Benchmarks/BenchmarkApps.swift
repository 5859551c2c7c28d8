import AppFile
import Deploys
import JSON
import Kubernetes
import TestSupport

/// Apps of an ordinary size: eight objects each.
enum BenchmarkApps {
    static let objectsPerApp = 8

    /// - Parameter environment: `test` or `prod`.
    static func objects(_ app: String, environment: EnvironmentName = .test) throws -> [JSON] {
        try KubernetesObjects.render(release(app, environment: environment), options).objects
    }

    /// Of kinds that every cluster has.
    static var options: RenderOptions { RenderOptions(routing: .ingress(IngressProfile())) }

    static func release(_ app: String, environment: EnvironmentName = .test) throws -> Release {
        var settings = Appling()
        settings.port = 8080
        settings.readiness = Probe(path: "/health")
        settings.cronJobs = ["clean", "count"].map { CronJob(name: $0, schedule: "0 3 * * *", path: "/\($0)") }
        guard let commit = CommitID(String(repeating: "a", count: 40)) else { throw TestFailure("no commit") }
        let appling = ReleasedAppling(
            settings: settings, name: app, image: ImageReference("registry.example/\(app):1"), replicas: 2,
            hosts: [], variables: (1...10).map { .init(name: "VARIABLE_\($0)", value: .plain("value \($0)")) })
        return Release(
            operation: OperationID(1), app: AppID(organisation: "iterate", name: app), appSlug: app,
            environment: environment, namespace: "apps-\(app)-\(environment)", commit: commit, buildNumber: 1,
            applings: [appling])
    }
}
