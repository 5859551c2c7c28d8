import AppFile
import XCTest

/// Two things that would share a name, a port or a folder.
final class CollisionTests: XCTestCase {
    private func problems(_ files: [String: String], app: String? = nil) -> [String] {
        AppFile.load(from: TextTree(files), app: app).problems.map(\.description)
    }

    private func check(_ cases: [(text: String, expected: [String])], line: UInt = #line) {
        for (text, expected) in cases {
            XCTAssertEqual(
                problems(["iterapp.toml": text]), expected.map { "iterapp.toml:\($0)" }, text, line: line)
        }
    }

    // MARK: Variables

    func testVariablesOfAddOns() {
        let owned = [
            "[postgres]": [
                "DATABASE_URL", "DB_DATABASE", "DB_HOST", "DB_PASSWORD", "DB_PORT", "DB_USERNAME", "PGDATABASE",
                "PGHOST", "PGPASSWORD", "PGPORT", "PGUSER",
            ],
            "[redis_lfu_cache]": ["REDIS_HOST", "REDIS_PASSWORD", "REDIS_PORT", "REDIS_URL", "REDIS_USER"],
            "[nats]": ["NATS_CA_FILE", "NATS_CREDENTIALS", "NATS_CREDENTIALS_FILE", "NATS_URL"],
        ]
        for (addOn, names) in owned {
            for name in names {
                XCTAssertEqual(
                    problems(["iterapp.toml": "[env.prod]\n\(name) = 'x'"]), [], "\(name) without an add-on")
                XCTAssertEqual(
                    problems(["iterapp.toml": "\(addOn)\n[env.prod]\n\(name) = 'x'"]),
                    [
                        """
                        iterapp.toml:3:1: error: `env.prod.\(name)` is set by the platform because of \
                        `\(addOn)`; remove one of them
                        """
                    ])
            }
        }
        check([
            ("[postgres]\n[env.common]\nDB_NAME = 'x'\nPGSSLMODE = 'x'\nREDIS_URL = 'x'\npghost = 'x'", []),
            ("[redis_lfu_cache]\nenabled = false\n[env.common]\nREDIS_URL = 'x'", []),
        ])
    }

    func testVariablesOfTheApplingsThatHaveTheAddOn() {
        let found = problems([
            "iterapp.toml": "applings = ['a', 'b']\n[env.common]\nREDIS_URL = 'x'\nDB_HOST = 'x'",
            "a/iterapp.toml": "[redis_lfu_cache]",
            "b/iterapp.toml": "[env.test]\nREDIS_URL = 'y'",
        ])
        XCTAssertEqual(
            found,
            [
                """
                iterapp.toml:3:1: error: `env.common.REDIS_URL` is set by the platform because of \
                `[redis_lfu_cache]` of the appling `a`; remove one of them
                """
            ])
    }

    // MARK: Ports

    func testPortsOfCloudSQL() {
        let name = "= 'project:europe-west1:instance'"
        let table = "[cloud_sql_postgres_instances]"
        let proxy = "and the Cloud SQL proxy runs beside it; choose another port for the instance"
        check([
            ("\(table)\n5432 \(name)\n5433 \(name)", []),
            ("[postgres]\n\(table)\n5433 \(name)", []),
            ("[postgres]\n\(table)\n5432 \(name)", [
                """
                3:1: error: the database of `[postgres]` always has the port 5432; choose another one, such as \
                5433, for the Cloud SQL instance
                """
            ]),
            ("port = 80\n\(table)\n80 \(name)", ["3:1: error: 80 is the `port`, \(proxy)"]),
            ("\(table)\n3000 \(name)", ["2:1: error: 3000 is the `port`, \(proxy)"]),
            ("liveness_path = '/'\nliveness_port = 90\n\(table)\n90 \(name)", [
                "4:1: error: 90 is the port of the liveness probe, \(proxy)"
            ]),
            ("readiness.port = 90\n\(table)\n90 \(name)", [
                "3:1: error: 90 is the port of the readiness probe, \(proxy)"
            ]),
            ("metrics.port = 90\n\(table)\n90 \(name)", [
                "3:1: error: 90 is the port of the metrics, \(proxy)"
            ]),
            ("metrics.port = 3000\nreadiness.port = 3000", []),
        ])
    }

    func testPortsOfSeveralFiles() {
        let found = problems([
            "iterapp.toml": "applings = ['a']\n[cloud_sql_postgres_instances]\n81 = 'p:europe-west1:i'\n5432 = 'p:e:i'",
            "a/iterapp.toml": "port = 81\n[postgres]",
        ])
        XCTAssertEqual(
            found,
            [
                """
                iterapp.toml:3:1: error: 81 is the `port` of the appling `a`, and the Cloud SQL proxy runs beside \
                it; choose another port for the instance
                """,
                """
                iterapp.toml:4:1: error: the database of `[postgres]` always has the port 5432; choose another one, \
                such as 5433, for the Cloud SQL instance
                """,
            ])
    }

    // MARK: Folders

    private func mount(_ table: String, _ path: String) -> String {
        "[[files.\(table)]]\nmount_path = '\(path)'\nsecret = 's'\n"
    }

    func testOneFolderForTwoSecrets() {
        let twice = "something is mounted in `/a` already, on line 2; one folder can show the files of one Secret"
        check([
            (mount("common", "/a") + mount("common", "//a/"), ["5:14: error: \(twice)"]),
            (mount("prod", "/a") + mount("prod", "/a"), ["5:14: error: \(twice)"]),
            (mount("common", "/a") + mount("prod", "/a"), []), (mount("test", "/a") + mount("prod", "/a"), []),
        ])
    }

    func testFoldersInsideOfFolders() {
        func sentence(_ line: Int) -> String {
            """
            `/a/b` lies inside `/a`, and nothing can be mounted inside the files of a Secret; choose another \
            folder than on line \(line) of iterapp.toml
            """
        }
        check([
            (mount("common", "/a") + mount("common", "/a/b"), ["5:14: error: \(sentence(2))"]),
            (mount("common", "/a/b") + mount("common", "/a"), ["5:14: error: \(sentence(2))"]),
            (mount("prod", "/a/b/") + mount("common", "/a/"), ["5:14: error: \(sentence(2))"]),
            (mount("prod", "/a/b") + mount("test", "/a"), []),
            (mount("common", "/a") + mount("common", "/ab") + mount("common", "/a-b"), []),
        ])
        XCTAssertEqual(
            problems(["iterapp.toml": mount("common", "/a/../b") + mount("common", "/a")]).count, 1,
            "a path that cannot be is one problem, not two")
        XCTAssertEqual(
            problems([
                "iterapp.toml": "applings = ['x']\n" + mount("common", "/a/b"),
                "x/iterapp.toml": mount("prod", "/a"),
            ]),
            ["x/iterapp.toml:2:14: error: \(sentence(3))"])
    }

    func testFoldersThatCannotBe() {
        let advice = [
            "app": "it begins with `/`", "": "it begins with `/`", "/": "it cannot be the whole file system",
            "///": "it cannot be the whole file system", "/a/../b": "it cannot contain `.` or `..` as a part",
            "/./a": "it cannot contain `.` or `..` as a part",
            "/a:b": "it cannot contain `:` or control characters", "/proc/x": "`/proc` belongs to the operating system",
            "/dev": "`/dev` belongs to the operating system", "//sys/": "`/sys` belongs to the operating system",
            "/var/run/iterapp/nats": "`/var/run/iterapp` belongs to the platform",
            "/var/run/secrets": "`/var/run/secrets` belongs to the platform",
        ]
        for (path, sentence) in advice {
            check([
                (mount("common", path), [
                    """
                    2:14: error: `files.common.mount_path` must be a path such as "/app/secrets/", not the text \
                    "\(path)"; \(sentence)
                    """
                ])
            ])
        }
        check([(mount("common", "/process") + mount("prod", "/var/run/app") + mount("prod", "/...a/ø b"), [])])
    }

    // MARK: Names

    func testApplingsThatAreCalledLikeAddOns() {
        XCTAssertEqual(
            problems(["iterapp.toml": "applings = ['redis']\n[redis_lfu_cache]", "redis/iterapp.toml": ""]),
            [
                """
                iterapp.toml:1:13: error: the appling `redis` would share the name `{app}-redis` with the app's \
                `[redis_lfu_cache]`; rename its folder
                """
            ])
        let own = [
            "iterapp.toml": "applings = ['a',\n'a-nats', 'redis']", "a/iterapp.toml": "[nats]\n[redis_lfu_cache]",
            "a-nats/iterapp.toml": "", "redis/iterapp.toml": "",
        ]
        XCTAssertEqual(
            problems(own, app: "iterate/My_Cats"),
            [
                """
                iterapp.toml:2:1: error: the appling `a-nats` would share the name `my-cats-a-nats` with the \
                `[nats]` of the appling `a`; rename its folder
                """
            ])
    }

    func testNamesThatOnlyTheAppsNameMakesWrong() {
        let long = String(repeating: "a", count: 59)
        let files = [
            "iterapp.toml": "[redis_lfu_cache]\n[postgres]".replacing("[redis", with: "applings = ['web', 'cats-web', 'cats-redis', '\(long)']\n[redis"),
            "web/iterapp.toml": "", "cats-web/iterapp.toml": "", "cats-redis/iterapp.toml": "",
            "\(long)/iterapp.toml": "",
        ]
        XCTAssertEqual(problems(files), [])
        XCTAssertEqual(problems(files, app: "iterate/dog").count, 0)
        XCTAssertEqual(
            problems(files, app: "iterate/cats"),
            [
                """
                iterapp.toml:1:20: error: the appling `cats-web` is reached by the name `cats-web`, which is also \
                the full name of the appling `web`; rename one of the folders
                """,
                """
                iterapp.toml:1:32: error: the appling `cats-redis` would share the name `cats-redis` with the app's \
                `[redis_lfu_cache]`; rename its folder
                """,
                """
                iterapp.toml:1:46: error: the appling `\(long)` would be called `cats-\(long)`, which has 64 \
                characters; at most 63 are possible, so shorten the folder's name
                """,
            ])
    }

    func testDomainsThatNobodyReaches() {
        check([
            ("domains = ['a.b']\n[ingress]\ndisable = true", [
                "1:1: warning: `domains` has no effect, since `ingress.disable` keeps everybody outside"
            ]),
            ("domains = []\ndomains_env.test = ['a.b']\n[ingress]\ndisable = true", [
                "2:1: warning: `domains_env` has no effect, since `ingress.disable` keeps everybody outside"
            ]),
            ("domains = []\n[ingress]\ndisable = true", []),
        ])
    }
}
