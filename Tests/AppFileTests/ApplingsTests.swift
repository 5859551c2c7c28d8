import AppFile
import XCTest

/// Repositories with several applings.
final class ApplingsTests: XCTestCase {
    private func load(_ files: [String: String]) -> (file: AppFile?, problems: [String]) {
        let loaded = AppFile.load(from: TextTree(files))
        return (loaded.file, loaded.problems.map(\.description))
    }

    func testEachFolderBecomesAnAppling() throws {
        let (file, problems) = load([
            "iterapp.toml": "applings = ['frontend', 'backend', 'docs']\ndefault_environment = 'prod'",
            "frontend/iterapp.toml": "port = 80\ndomains = ['cats.cool']",
            "backend/iterapp.toml": "replicas = 4",
            "docs/Dockerfile": "",
        ])
        XCTAssertEqual(problems, [])
        XCTAssertEqual(file?.defaultEnvironment, "prod")
        var frontend = Appling(name: "frontend", folder: "frontend")
        frontend.port = 80
        frontend.domains = ["cats.cool"]
        var backend = Appling(name: "backend", folder: "backend")
        backend.replicas = 4
        let docs = Appling(name: "docs", folder: "docs")
        XCTAssertEqual(file?.applings, [frontend, backend, docs])
        XCTAssertEqual(frontend.dockerfile, "frontend/Dockerfile")
    }

    private let layered = [
        "iterapp.toml": """
            applings = ["a", "b"]
            port = 80
            liveness.period_seconds = 9
            readiness.path = "/ready"
            [env.common]
            SHARED = "root"
            OWN = "root"
            PORT = "80"
            [env.prod]
            OWN = "root prod"
            ONLY = "root prod"
            [requests]
            cpu = "1"
            [rolling_update]
            max_surge = 1
            [metrics]
            port = 9090
            """,
        "a/iterapp.toml": """
            liveness_path = "/alive"
            readiness_path = "/a"
            [env.common]
            OWN = "a"
            [env.test]
            SHARED = "a test"
            [requests]
            memory = "1Gi"
            [rolling_update]
            max_unavailable = 0
            [metrics]
            path = "/m"
            """,
        "b/iterapp.toml": "liveness_path = '/b'\nliveness.period_seconds = 3",
    ]

    func testTheRootFileGivesDefaultsThatAnApplingOverrides() throws {
        let (file, problems) = load(layered)
        XCTAssertEqual(problems, [])
        let a = try XCTUnwrap(file?.applings.first)
        let b = try XCTUnwrap(file?.applings.last)
        XCTAssertEqual([a.port, b.port], [80, 80])
        XCTAssertEqual([a.readiness.path, b.readiness.path], ["/a", "/ready"])
        XCTAssertEqual(a.liveness, Probe(path: "/alive", periodSeconds: 9))
        XCTAssertEqual(b.liveness, Probe(path: "/b", periodSeconds: 3))
        XCTAssertEqual(a.requests, Requests(cpu: "1", memory: "1Gi"))
        XCTAssertEqual(a.rollingUpdate, RollingUpdate(maxUnavailable: .number(0), maxSurge: .number(1)))
        XCTAssertEqual(a.metrics, Metrics(path: "/m", port: 9090))
        XCTAssertEqual(b.metrics, Metrics(path: "/metrics", port: 9090))
        XCTAssertEqual(plain(a, "prod"), ["ONLY=root prod", "OWN=a", "SHARED=root"])
        XCTAssertEqual(plain(a, "test"), ["OWN=a", "SHARED=a test"])
        XCTAssertEqual(plain(b, "prod"), ["ONLY=root prod", "OWN=root prod", "SHARED=root"])
    }

    private func plain(_ appling: Appling, _ environment: String) -> [String] {
        appling.environment(for: environment).map { variable in
            if case .plain(let value) = variable.value { "\(variable.name)=\(value)" } else { "?" }
        }
    }

    func testFoldersThatCannotBeApplings() {
        let label =
            "it consists of at most 63 of a-z, 0-9 and `-`, begins with a letter and ends without `-`"
        let inside = "it must lie inside the repository"
        let slash = "it is a folder at the repository's root, without `/`"
        let names = [
            ("../x", inside), ("/etc", inside), ("x/../../y", inside), ("x/y", slash), ("./a", slash),
            ("Upper", label), ("under_score", label), ("1st", label), ("a-", label), ("", label),
            ("å", label), ("--upload-pack=x", label), ("a b", label), ("cats;rm", label),
        ]
        for (name, advice) in names {
            XCTAssertEqual(
                load(["iterapp.toml": "applings = ['\(name)']"]).problems,
                [
                    """
                    iterapp.toml:1:13: error: each entry of `applings` must be the name of a folder \
                    such as "frontend", not the text "\(name)"; \(advice)
                    """
                ])
        }
    }

    func testFoldersThatAreMissingOrListedTwice() {
        let text = "applings = [\n'a',\n'a',\n'nope',\n3,\n\"\\u0000\"]"
        let (file, problems) = load(["iterapp.toml": text, "a/Dockerfile": ""])
        XCTAssertNil(file)
        XCTAssertEqual(
            problems.prefix(3),
            [
                "iterapp.toml:3:1: error: the appling `a` is listed twice; first on line 2",
                """
                iterapp.toml:4:1: error: the appling `nope` needs a folder of that name at the root \
                of the repository
                """,
                """
                iterapp.toml:5:1: error: each entry of `applings` must be the name of a folder such \
                as "frontend", not the number 3; put it in quotes: "3"
                """,
            ])
        XCTAssertEqual(problems.count, 4)
        XCTAssertTrue(problems[3].contains("U+0000"))
    }

    func testTooManyApplings() {
        let names = (0..<10_000).map { "a\($0)" }
        var files = Dictionary(uniqueKeysWithValues: names.prefix(101).map { ("\($0)/Dockerfile", "") })
        files["iterapp.toml"] = "applings = [\n" + names.map { "'\($0)'" }.joined(separator: ",\n") + "]"
        XCTAssertEqual(
            load(files).problems,
            ["iterapp.toml:102:1: error: `applings` lists 10000 entries; at most 100 are possible"])
        files["iterapp.toml"] =
            "applings = [" + names.prefix(100).map { "'\($0)'" }.joined(separator: ",") + "]"
        XCTAssertEqual(load(files).file?.applings.count, 100)
    }

    func testAllProblemsOfAllFilesAreReportedInOrder() {
        let (file, problems) = load([
            "iterapp.toml": "applings = ['z', 'b']\nport = 0\ndomains = ['a.b']\n[env.common]\nPORT = '1'",
            "z/iterapp.toml": "applings = ['b']\ndefault_environment = 'prod'\nport = 80\nx = ",
            "b/iterapp.toml": "replicas = '2'\n[requests]\ncpu = 1",
        ])
        XCTAssertNil(file)
        let expected = [
            "b/iterapp.toml:1:12: error: `replicas` must be",
            "b/iterapp.toml:3:7: error: `requests.cpu` must",
            "iterapp.toml:2:8: error: `port` must be",
            "iterapp.toml:3:1: error: `domains` belongs to one appling",
            "iterapp.toml:5:1: error: the platform sets `PORT` to the `port` of the appling `b`, which is 0",
            "iterapp.toml:5:1: error: the platform sets `PORT` to the `port` of the appling `z`, which is 80",
            "z/iterapp.toml:1:1: error: `applings` is about the whole repository",
            "z/iterapp.toml:2:1: error: `default_environment` is about the whole repository",
            "z/iterapp.toml:4:5: error: a value is missing here, in front of the end of the file",
        ]
        XCTAssertEqual(problems.count, expected.count)
        for (problem, start) in zip(problems, expected) {
            XCTAssertTrue(problem.hasPrefix(start), "\(problem) does not begin with \(start)")
        }
    }

    func testWhatIsWrongForAllApplingsIsSaidOnce() {
        let (_, problems) = load([
            "iterapp.toml": "applings = ['a', 'b']\nliveness_port = 1\nrolling_update = "
                + "{ max_surge = 0, max_unavailable = 0 }",
            "a/iterapp.toml": "", "b/iterapp.toml": "",
        ])
        XCTAssertEqual(
            problems.map { String($0.prefix(24)) }, ["iterapp.toml:2:1: error:", "iterapp.toml:3:1: error:"])
    }

    func testOneHostNameLeadsToOnePlace() {
        let (_, problems) = load([
            "iterapp.toml": "applings = ['a', 'b']",
            "a/iterapp.toml": "domains = ['cats.cool']\nfrom_to_www_redirect = true",
            "b/iterapp.toml": "domains = ['b.cool',\n'CATS.cool',\n'www.cats.cool']",
        ])
        XCTAssertEqual(
            problems,
            [
                """
                b/iterapp.toml:2:1: error: the host name `cats.cool` is taken already, on line 1 of \
                a/iterapp.toml; remove one
                """,
                """
                b/iterapp.toml:3:1: error: the host name `www.cats.cool` is taken already, by the \
                redirect to `cats.cool` on line 1 of a/iterapp.toml; remove one
                """,
            ])
        let (_, reversed) = load([
            "iterapp.toml": "applings = ['a', 'b']", "a/iterapp.toml": "domains = ['www.cats.cool']",
            "b/iterapp.toml": "from_to_www_redirect = true\n[domains_env]\ntest = ['cats.cool']",
        ])
        XCTAssertEqual(
            reversed,
            [
                """
                b/iterapp.toml:3:9: error: `from_to_www_redirect` makes `www.cats.cool` lead to \
                `cats.cool`, but `www.cats.cool` is taken already, on line 1 of a/iterapp.toml; list \
                only the name that people shall end up at
                """
            ])
    }
}
