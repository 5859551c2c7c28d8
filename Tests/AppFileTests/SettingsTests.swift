import AppFile
import XCTest

/// What valid files mean.
final class SettingsTests: XCTestCase {
    func testAnAbsentOrEmptyFileMeansEveryDefault() throws {
        for tree in [TextTree([:]), TextTree(["iterapp.toml": ""]), TextTree(["iterapp.toml": "\n# x"])] {
            let (file, problems) = AppFile.load(from: tree)
            XCTAssertEqual(problems, [])
            XCTAssertEqual(file, AppFile())
        }
        let only = Appling()
        XCTAssertEqual(AppFile().defaultEnvironment, "test")
        XCTAssertEqual(AppFile().applings, [only])
        XCTAssertNil(only.name)
        XCTAssertEqual(only.dockerfile, "Dockerfile")
        XCTAssertEqual(only.port, 3000)
        XCTAssertEqual(only.replicas(in: "prod"), 2)
        XCTAssertEqual(only.replicas(in: "test"), 1)
        XCTAssertEqual(only.replicas(in: "snap3"), 1)
        XCTAssertEqual(
            only.readiness,
            Probe(
                path: "/health", port: nil, timeoutSeconds: 1, initialDelaySeconds: 0,
                periodSeconds: 2, failureThreshold: 3, successThreshold: 1))
        XCTAssertNil(only.liveness)
        XCTAssertEqual(only.requests, Requests(cpu: "25m", memory: "100Mi"))
    }

    func testTheReferenceAtItsDefaults() throws {
        let text = """
            applings=[]
            default_environment="test"
            port = 3000
            replicas = 2
            replicas_test = 1
            readiness_path = "/health"
            domains=[]
            from_to_www_redirect = false
            dns01_for_acme = false
            [env.common]
            PORT="3000"
            [ingress]
            disable_access_log = false
            disable = false
            [requests]
            cpu = "25m"
            memory = "100Mi"
            """
        let (file, problems) = AppFile.load(from: TextTree(["iterapp.toml": text]))
        XCTAssertEqual(problems, [])
        XCTAssertEqual(file, AppFile())
    }

    private let everything = """
        default_environment = "snap3"
        port = 80
        replicas = 5
        replicas_test = 2
        domains = ["Cats.cool", "my.cats.cool"]
        from_to_www_redirect = true
        [domains_env]
        test = ["test-api.ting.no"]
        prod = ["cats.example"]
        [readiness]
        path = "/ready?full=1"
        port = 81
        timeout_seconds = 5
        initial_delay_seconds = 6
        period_seconds = 7
        failure_threshold = 8
        success_threshold = 9
        [liveness]
        path = "/alive"
        port = 82
        timeout_seconds = 2
        initial_delay_seconds = 10
        period_seconds = 5
        failure_threshold = 2
        success_threshold = 1
        [requests]
        cpu = "0.5"
        memory = "1.5Gi"
        [rolling_update]
        max_unavailable = "30%"
        max_surge = 2
        [metrics]
        path = "/numbers"
        port = 3001
        """

    func testEverySupportedKey() throws {
        let loaded = AppFile.load(from: TextTree(["iterapp.toml": everything]))
        XCTAssertEqual(loaded.problems, [])
        XCTAssertEqual(loaded.file?.defaultEnvironment, "snap3")
        var expected = Appling()
        expected.port = 80
        expected.replicas = 5
        expected.replicasTest = 2
        expected.domains = ["cats.cool", "my.cats.cool"]
        expected.domainsEnv = ["test": ["test-api.ting.no"], "prod": ["cats.example"]]
        expected.fromToWWWRedirect = true
        expected.readiness = Probe(
            path: "/ready?full=1", port: 81, timeoutSeconds: 5, initialDelaySeconds: 6,
            periodSeconds: 7, failureThreshold: 8, successThreshold: 9)
        expected.liveness = Probe(
            path: "/alive", port: 82, timeoutSeconds: 2, initialDelaySeconds: 10,
            periodSeconds: 5, failureThreshold: 2, successThreshold: 1)
        expected.requests = Requests(cpu: "0.5", memory: "1.5Gi")
        expected.rollingUpdate = RollingUpdate(maxUnavailable: .percent(30), maxSurge: .number(2))
        expected.metrics = Metrics(path: "/numbers", port: 3001)
        XCTAssertEqual(loaded.file?.applings, [expected])
        XCTAssertEqual(
            expected.domains(in: "prod"), ["cats.cool", "my.cats.cool", "cats.example"])
        XCTAssertEqual(expected.domains(in: "test"), ["test-api.ting.no"])
        XCTAssertEqual(expected.domains(in: "snap0"), [])
    }

    func testShortForms() throws {
        let flat = try appling("readiness_path = '/r'\nliveness_path = '/l'\nliveness_port = 3001")
        XCTAssertEqual(flat.readiness, Probe(path: "/r"))
        XCTAssertEqual(flat.liveness, Probe(path: "/l", port: 3001))
        let mixed = try appling("liveness_path = '/l'\nliveness.period_seconds = 9")
        XCTAssertEqual(mixed.liveness, Probe(path: "/l", periodSeconds: 9))
        XCTAssertEqual(try appling("[metrics]").metrics, Metrics(path: "/metrics", port: nil))
        XCTAssertTrue(try appling("ingress.disable = true").ingressDisabled)
        let pace = try appling("rolling_update = { max_surge = '2' }").rollingUpdate
        XCTAssertEqual(pace, RollingUpdate(maxUnavailable: nil, maxSurge: .number(2)))
    }

    func testNoneIsNoEnvironment() {
        let (file, problems) = AppFile.load(
            from: TextTree(["iterapp.toml": "default_environment = 'none'"]))
        XCTAssertEqual(problems, [])
        XCTAssertNotNil(file)
        XCTAssertNil(file?.defaultEnvironment)
    }

    func testVariables() throws {
        let text = """
            port = 80
            [env.common]
            B = "common"
            A = ""
            PORT = "80"
            DB_PASSWORD = { secret = "db-keys", key = "password" }
            [env.prod]
            B = "prod"
            "lower-case.name_1" = "x"
            [env.snap9]
            Z = "snap"
            [env.test]
            """
        let only = try appling(text)
        let password = Variable(name: "DB_PASSWORD", value: .secret(name: "db-keys", key: "password"))
        XCTAssertEqual(
            only.environment(for: "prod"),
            [
                Variable(name: "A", value: .plain("")), Variable(name: "B", value: .plain("prod")),
                password, Variable(name: "lower-case.name_1", value: .plain("x")),
            ])
        XCTAssertEqual(
            only.environment(for: "test"),
            [
                Variable(name: "A", value: .plain("")),
                Variable(name: "B", value: .plain("common")), password,
            ])
        XCTAssertEqual(only.environment(for: "snap9").last, Variable(name: "Z", value: .plain("snap")))
        XCTAssertEqual(only.environment(for: "snap9").count, 4)
    }

    func testEnvironmentNames() {
        XCTAssertEqual(Environments.all.count, 12)
        XCTAssertEqual(Environments.named("PROD"), "prod")
        XCTAssertEqual(Environments.named("Snap-3"), "snap3")
        XCTAssertEqual(Environments.named("snap9"), "snap9")
        for name in ["", "snap", "snap10", "snap-", "snap--1", "none", "common", "production"] {
            XCTAssertNil(Environments.named(name), name)
        }
    }
}
