import AppFile
import XCTest

@testable import Deploys

/// What the platform keeps beside the applings of a release, and what they are told of it.
final class ReleaseAddOnsTests: XCTestCase {
    private func plan(_ applings: [Appling], in environment: EnvironmentName = .test) throws -> Release {
        let plan = ReleasePlan(
            operation: OperationID(0), app: AppID(organisation: "iterate", name: "My_Cats"), environment: environment,
            file: AppFile(applings: applings), commit: .unknown, buildNumber: 0,
            images: Dictionary(uniqueKeysWithValues: applings.map { ($0.name ?? "", ImageReference("image")) }))
        let domains = Naming.Domains(prod: "{app}.prod", test: "{app}.test", snap: "{env}.{app}.prod")
        return try plan.release(
            Naming(defaultOrganisation: "iterate", domains: domains, externalDomains: domains))
    }

    private func appling(_ name: String? = nil, _ change: (inout Appling) -> Void = { _ in }) -> Appling {
        var appling = Appling(name: name, folder: name ?? "")
        change(&appling)
        return appling
    }

    private func values(_ appling: ReleasedAppling) -> [String: EnvValue] {
        Dictionary(uniqueKeysWithValues: appling.variables.map { ($0.name, $0.value) })
    }

    func testTheSecretsOfAddOnsAreReferredToAndTheirPlainVariablesAreSaid() throws {
        let release = try plan([
            appling {
                $0.redis = RedisCache()
                $0.postgres = Postgres(extensions: ["uuid-ossp"])
                $0.nats = NATSAccount()
            }
        ])
        XCTAssertEqual(release.addOns, [
            AddOn(.nats, name: "my-cats-nats"), AddOn(.postgres(extensions: ["uuid-ossp"]), name: "my-cats-postgres"),
            AddOn(.redis, name: "my-cats-redis"),
        ])
        XCTAssertEqual(release.applings[0].addOns, ["my-cats-nats", "my-cats-postgres", "my-cats-redis"])
        let values = values(release.applings[0])
        XCTAssertEqual(values["REDIS_HOST"], .plain("my-cats-redis"))
        XCTAssertEqual(values["REDIS_PORT"], .plain("6379"))
        XCTAssertEqual(values["NATS_CREDENTIALS_FILE"], .plain("/var/run/iterapp/nats/nats.creds"))
        XCTAssertEqual(release.applings[0].variables.filter(\.isOptional).map(\.name), ["NATS_CA_FILE"])
        let referred = [
            "my-cats-redis": ["REDIS_PASSWORD", "REDIS_URL", "REDIS_USER"],
            "my-cats-nats": ["NATS_CA_FILE", "NATS_CREDENTIALS", "NATS_URL"],
            "my-cats-postgres": [
                "DATABASE_URL", "DB_DATABASE", "DB_HOST", "DB_PASSWORD", "DB_PORT", "DB_USERNAME", "PGDATABASE",
                "PGHOST", "PGPASSWORD", "PGPORT", "PGUSER",
            ],
        ]
        for (secret, names) in referred {
            for name in names { XCTAssertEqual(values[name], .secret(name: secret, key: name)) }
        }
    }

    func testWhatTheRootFileAsksForIsSharedAndWhatAnApplingAsksForIsItsOwn() throws {
        let release = try plan([
            appling("web") { $0.redis = RedisCache() },
            appling("worker") { $0.redis = RedisCache(owner: .appling) },
            appling("api") { $0.redis = RedisCache() },
            appling("pages"),
        ])
        XCTAssertEqual(
            release.addOns, [AddOn(.redis, name: "my-cats-redis"), AddOn(.redis, name: "my-cats-worker-redis")])
        XCTAssertEqual(
            release.applings.map(\.addOns), [["my-cats-redis"], ["my-cats-worker-redis"], ["my-cats-redis"], []])
        XCTAssertEqual(values(release.applings[1])["REDIS_HOST"], .plain("my-cats-worker-redis"))
        XCTAssertNil(values(release.applings[3])["REDIS_HOST"])
    }

    func testASharedDatabaseGetsTheExtensionsThatAnyApplingAsksFor() throws {
        let release = try plan([
            appling("web") { $0.postgres = Postgres(extensions: ["uuid-ossp"]) },
            appling("api") { $0.postgres = Postgres(extensions: ["citext", "uuid-ossp"]) },
        ])
        XCTAssertEqual(release.addOns, [AddOn(.postgres(extensions: ["uuid-ossp", "citext"]), name: "my-cats-postgres")])
    }

    func testThePlatformsVariablesWinAndEncryptedValuesStayEncrypted() throws {
        let release = try plan([
            appling {
                $0.redis = RedisCache()
                $0.env.common = [
                    "REDIS_URL": .plain("redis://elsewhere"), "REDIS_HOST": .encrypted("x"), "TOKEN": .encrypted("abc"),
                    "DB_PASSWORD": .secret(name: "db-keys", key: "password"),
                ]
            }
        ])
        let values = values(release.applings[0])
        XCTAssertEqual(values["REDIS_URL"], .secret(name: "my-cats-redis", key: "REDIS_URL"))
        XCTAssertEqual(values["REDIS_HOST"], .plain("my-cats-redis"))
        XCTAssertEqual(values["TOKEN"], .encrypted("abc"))
        XCTAssertEqual(values["DB_PASSWORD"], .secret(name: "db-keys", key: "password"), "no [postgres] owns it")
    }

    func testAnApplingMayNotBeCalledLikeAnAddOn() {
        for name in ["redis", "my-cats-redis"] {
            XCTAssertThrowsError(try plan([appling("web") { $0.redis = RedisCache() }, appling(name)])) { error in
                XCTAssertEqual(
                    (error as? Failure)?.sentence,
                    "`my-cats-redis` would be the name of the appling `\(name)` and of the app's Redis.")
            }
        }
    }

    func testAnAddOnsNameMustFitTheCluster() {
        let name = String(repeating: "w", count: 55)
        XCTAssertThrowsError(try plan([appling(name) { $0.redis = RedisCache(owner: .appling) }])) { error in
            XCTAssertEqual(
                (error as? Failure)?.sentence, "`my-cats-\(name)-redis` can't be a name in the cluster: at most 63 "
                    + "lower-case letters, digits and `-`.")
        }
    }

    func testAMissingImageIsAFaultOfTheService() {
        let plan = ReleasePlan(
            operation: OperationID(1), app: AppID(organisation: "iterate", name: "cats"), environment: .test,
            file: AppFile(applings: [appling("web")]), commit: .unknown, buildNumber: 3, images: [:])
        let domains = Naming.Domains(prod: "{app}.a", test: "{app}.b", snap: "{env}.{app}.c")
        let naming = Naming(defaultOrganisation: "iterate", domains: domains, externalDomains: domains)
        XCTAssertThrowsError(try plan.release(naming)) { error in
            XCTAssertEqual((error as? Failure)?.sentence, "The image of `cats-web` is missing from build 3.")
        }
    }
}
