import AppFile
import Deploys
import XCTest

/// Releases for tests.
enum TestReleases {
    static func commit() throws -> CommitID {
        try XCTUnwrap(CommitID("0123456789abcdef0123456789abcdef01234567"))
    }

    static func release(
        _ applings: [ReleasedAppling], slug: String = "cats", environment: EnvironmentName = .test,
        namespace: String? = nil, operation: Int64 = 7, addOns: [AddOn] = []
    ) throws -> Release {
        Release(
            operation: OperationID(operation), app: AppID(organisation: "iterate", name: slug), appSlug: slug,
            environment: environment, namespace: namespace ?? "apps-\(slug)-\(environment)",
            commit: try commit(), buildNumber: 12, applings: applings, addOns: addOns)
    }

    static func appling(
        _ settings: Appling = Appling(), name: String = "cats",
        image: String = "registry.test/cats@sha256:1f0e",
        replicas: Int = 1, hosts: [String] = ["cats.test.localhost"],
        variables: [ReleasedAppling.Variable] = [.init(name: "PORT", value: .plain("3000"))],
        addOns: [String] = []
    ) -> ReleasedAppling {
        ReleasedAppling(
            settings: settings, name: name, image: ImageReference(image), replicas: replicas, hosts: hosts,
            variables: variables, addOns: addOns)
    }

    /// One appling, everything at its default.
    static func small() throws -> Release { try release([appling()]) }

    /// Two applings in prod with every setting that shows in an object.
    static func large() throws -> Release {
        var backend = Appling(name: "backend", folder: "backend")
        backend.port = 8080
        backend.readiness = Probe(
            path: "/ready", port: 8081, timeoutSeconds: 3, initialDelaySeconds: 5, periodSeconds: 10,
            failureThreshold: 6, successThreshold: 2)
        backend.liveness = Probe(path: "/alive", periodSeconds: 10)
        backend.requests = Requests(cpu: "250m", memory: "1Gi")
        backend.rollingUpdate = RollingUpdate(maxUnavailable: .percent(50), maxSurge: .number(2))
        backend.ingressDisabled = true
        var frontend = Appling(name: "frontend", folder: "frontend")
        frontend.domains = ["cats.cool", "www.dogs.cool"]
        frontend.fromToWWWRedirect = true
        return try release(
            [
                appling(
                    backend, name: "cats-backend", image: "registry.test/cats-backend@sha256:2f0e",
                    replicas: 3, hosts: [],
                    variables: [
                        .init(name: "API_TOKEN", value: .secret(name: "api", key: "token")),
                        .init(name: "GREETING", value: .plain("Grüße/\"=\n")),
                        .init(name: "PORT", value: .plain("8080")),
                    ]),
                appling(
                    frontend, name: "cats-frontend", image: "registry.test/cats-frontend@sha256:3f0e",
                    replicas: 2, hosts: ["cats.cool", "www.dogs.cool", "frontend.cats.app.iterate.no"]),
            ], environment: .prod)
    }
}
