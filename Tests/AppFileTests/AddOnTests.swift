import AppFile
import XCTest

/// What belongs to all applings, and what to one.
final class AddOnTests: XCTestCase {
    private func applings(_ files: [String: String]) throws -> [String: Appling] {
        let (file, problems) = AppFile.load(from: TextTree(files))
        XCTAssertEqual(problems, [])
        let applings = try XCTUnwrap(file).applings
        return Dictionary(uniqueKeysWithValues: applings.map { ($0.name ?? "", $0) })
    }

    func testAHeaderIsEnough() throws {
        let only = try appling("[postgres]\n[redis_lfu_cache]\n[nats]")
        XCTAssertEqual(only.postgres, Postgres(owner: .app, extensions: []))
        XCTAssertEqual(only.redis, RedisCache(owner: .app))
        XCTAssertEqual(only.nats, NATSAccount(owner: .app))
        XCTAssertNil(try appling("[redis_lfu_cache]\nenabled = false").redis)
        XCTAssertEqual(try appling("postgres.extensions = ['b', 'a', 'b']").postgres?.extensions, ["b", "a"])
    }

    func testTheRootFilesAreSharedAndAnApplingsOwnAreItsOwn() throws {
        let found = try applings([
            "iterapp.toml": """
                applings = ['a', 'b', 'c']
                [postgres]
                extensions = ['citext']
                [redis_lfu_cache]
                enabled = true
                [cloud_sql_postgres_instances]
                5433 = "project-1:europe-west1:one"
                5434 = "project-1:europe-west1:two"
                """,
            "a/iterapp.toml": "[redis_lfu_cache]\nenabled = false\n[nats]",
            "b/iterapp.toml": """
                [postgres]
                [redis_lfu_cache]
                [cloud_sql_postgres_instances]
                5434 = "project-1:europe-west1:own"
                5400 = "project-1:europe-west1:more"
                """,
            "c/iterapp.toml": "",
        ])
        let shared = Postgres(owner: .app, extensions: ["citext"])
        XCTAssertEqual(found["a"]?.postgres, shared)
        XCTAssertEqual(found["b"]?.postgres, Postgres(owner: .appling, extensions: []))
        XCTAssertEqual(found["c"]?.postgres, shared)
        XCTAssertNil(found["a"]?.redis)
        XCTAssertEqual(found["b"]?.redis, RedisCache(owner: .appling))
        XCTAssertEqual(found["c"]?.redis, RedisCache(owner: .app))
        XCTAssertEqual(found["a"]?.nats, NATSAccount(owner: .appling))
        XCTAssertNil(found["b"]?.nats)
        XCTAssertEqual(
            found["b"]?.cloudSQLInstances,
            [
                CloudSQLInstance(port: 5400, connectionName: "project-1:europe-west1:more"),
                CloudSQLInstance(port: 5433, connectionName: "project-1:europe-west1:one"),
                CloudSQLInstance(port: 5434, connectionName: "project-1:europe-west1:own"),
            ])
    }

    func testTheNearerFilesMountsAndBuildSecretsWin() throws {
        let (root, own) = (try sealed(.build, length: 16).text, try sealed(.build, length: 17).text)
        let found = try applings([
            "iterapp.toml": """
                applings = ['a', 'b']
                [build_secrets]
                token = { encrypted = "\(root)" }
                other = { encrypted = "\(root)" }
                [[files.common]]
                mount_path = "/etc//keys/"
                secret = "root"
                [[files.prod]]
                mount_path = "/etc/keys"
                secret = "root-prod"
                [[files.prod]]
                mount_path = "/etc/more"
                secret = "root-prod"
                """,
            "a/iterapp.toml": """
                [build_secrets]
                token = { encrypted = "\(own)" }
                [[files.common]]
                mount_path = "/etc/keys"
                secret = "own"
                """,
            "b/iterapp.toml": """
                [[files.prod]]
                mount_path = "/etc/keys/"
                secret = "own-prod"
                [[files.test]]
                mount_path = "/etc/test"
                secret = "own-test"
                """,
        ])
        let (a, b) = (try XCTUnwrap(found["a"]), try XCTUnwrap(found["b"]))
        XCTAssertEqual(
            a.buildSecrets,
            [BuildSecret(id: "other", encrypted: root), BuildSecret(id: "token", encrypted: own)])
        func mounts(_ appling: Appling, _ environment: String) -> [String] {
            appling.files.merged(for: environment).map { "\($0.path) \($0.secret)" }
        }
        XCTAssertEqual(mounts(a, "prod"), ["/etc/keys own", "/etc/more root-prod"])
        XCTAssertEqual(mounts(a, "test"), ["/etc/keys own"])
        XCTAssertEqual(mounts(b, "prod"), ["/etc/keys own-prod", "/etc/more root-prod"])
        XCTAssertEqual(mounts(b, "test"), ["/etc/keys root", "/etc/test own-test"])
    }

    func testBodySizes() throws {
        let sizes = ["0": 0, "8m": 8 << 20, "512k": 512 << 10, "1G": 1 << 30, "1000": 1000]
        for (text, bytes) in sizes {
            XCTAssertEqual(try appling("[ingress]\nproxy_max_body_size = '\(text)'").maxBodyBytes, bytes, text)
        }
        XCTAssertNil(try appling("").maxBodyBytes)
    }
}
