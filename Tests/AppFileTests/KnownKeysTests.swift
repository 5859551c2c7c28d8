import AppFile
import XCTest

/// Every key of the reference is known and has its meaning.
final class KnownKeysTests: XCTestCase {
    private func reference() throws -> String {
        """
        applings=[]
        default_environment="test"
        port = 3000
        replicas = 2
        replicas_test = 1
        readiness_path = "/health"
        liveness_path = "/liveness"
        liveness_port = 3001
        domains=[]
        from_to_www_redirect = false
        dns01_for_acme = true
        [env.common]
        PORT="3000"
        API_PASSWORD= { secret = "db-keys", key = "password" }
        [env.prod]
        ENV_VAR= { encrypted = "\(try sealed(.prod).text)" }
        [env.test]
        ENV_NAME="ENV_VALUE"
        [build_secrets]
        "my-secret" = { encrypted = "\(try sealed(.build).text)" }
        [postgres]
        extensions=["uuid-ossp"]
        [redis_lfu_cache]
        enabled = true
        [cloud_sql_postgres_instances]
        5433="iterate-vake:europe-west1:vake-cloud-sql"
        [ingress]
        disable_access_log = true
        proxy_max_body_size="8m"
        disable = false
        [domains_env]
        test = ["test-api.ting.no"]
        [cronjobs.update-thing]
            schedule="0 * * * *"
            path="/api/v1/run_scheduled_task"
            method = "GET"
            [cronjobs.update-thing.headers]
                Authorization = "Bearer asdf123"
        [nats]
        [requests]
        cpu = "25m"
        memory = "100Mi"
        [metrics]
        path = "/metrics"
        port = 3000
        [[files.common]]
        mount_path = "/app/secrets/"
        secret = "my-secret"
        [release]
        command = "bin/migrate"
        """
    }

    func testTheWholeReferenceIsKnown() throws {
        var expected = Appling()
        expected.liveness = Probe(path: "/liveness", port: 3001)
        expected.usesDNS01 = true
        expected.env.common = ["API_PASSWORD": .secret(name: "db-keys", key: "password")]
        expected.env.byEnvironment = [
            "prod": ["ENV_VAR": .encrypted(try sealed(.prod).text)], "test": ["ENV_NAME": .plain("ENV_VALUE")],
        ]
        expected.buildSecrets = [BuildSecret(id: "my-secret", encrypted: try sealed(.build).text)]
        expected.postgres = Postgres(owner: .app, extensions: ["uuid-ossp"])
        expected.redis = RedisCache(owner: .app)
        expected.cloudSQLInstances = [
            CloudSQLInstance(port: 5433, connectionName: "iterate-vake:europe-west1:vake-cloud-sql")
        ]
        expected.accessLogDisabled = true
        expected.maxBodyBytes = 8 << 20
        expected.domainsEnv = ["test": ["test-api.ting.no"]]
        expected.cronJobs = [
            CronJob(
                name: "update-thing", schedule: "0 * * * *", path: "/api/v1/run_scheduled_task", method: "GET",
                headers: [HTTPHeader(name: "Authorization", value: "Bearer asdf123")])
        ]
        expected.nats = NATSAccount(owner: .app)
        expected.metrics = Metrics(path: "/metrics", port: 3000)
        expected.files.common = [MountedSecret(path: "/app/secrets", secret: "my-secret")]
        expected.releaseCommand = "bin/migrate"
        XCTAssertEqual(try appling(reference()), expected)
    }

    /// One round of corrections is enough.
    func testEveryTableIsChecked() throws {
        let text = """
            [postgres]
            extension = []
            [redis_lfu_cache]
            enabled = 1
            [cloud_sql_postgres_instances]
            0 = "a:b:c"
            5433 = "a:b"
            [cronjobs.Job]
            schedule = "* * * *"
            [cronjobs.job]
            methd = "GET"
            headers = { "a b" = "x" }
            [build_secrets]
            "a/b" = { encrypted = "\(try sealed(.build).text)" }
            c = "x"
            [[files.common]]
            mount_path = "app"
            [[files.production]]
            [release]
            command = 1
            """
        let (_, problems) = AppFile.load(from: TextTree(["iterapp.toml": text]))
        XCTAssertEqual(
            problems.map(\.line), [2, 4, 6, 7, 8, 8, 8, 9, 10, 10, 10, 11, 12, 14, 15, 16, 17, 18, 20])
    }

    func testFilesThatCannotBeReadAtAll() {
        XCTAssertEqual(
            problems("\u{FEFF}port = 80"),
            ["1:1: error: the file begins with a byte order mark (BOM); save it as UTF-8 without one"])
        XCTAssertEqual(
            problems("port = 80\nport = 81\ndomains = [cats.cool]\nreplica = 1"),
            [
                "2:1: error: `port` is given twice; the first one is on line 1",
                "3:12: error: this is no value; text needs quotes",
                "4:1: error: unknown key `replica`; did you mean `replicas`?",
            ])
    }

    func testProblemsAreBounded() {
        let text = (0..<20_000).map { "unknown\($0) = 1" }.joined(separator: "\n")
        let found = problems(text)
        XCTAssertEqual(found.count, 500)
        XCTAssertEqual(found.last, "500:1: error: more than 499 problems; the others are not shown")
    }

    func testProblemsAreWrittenAsEditorsReadThem() {
        let problem = Problem(path: "a/iterapp.toml", line: 2, column: 3, severity: .warning, message: "x")
        XCTAssertEqual(problem.description, "a/iterapp.toml:2:3: warning: x")
    }
}
