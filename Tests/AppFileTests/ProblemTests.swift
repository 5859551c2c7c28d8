import AppFile
import XCTest

/// What is said about wrong files, word for word, since the words are what the reader gets.
final class ProblemTests: XCTestCase {
    private func check(
        _ cases: [(text: String, expected: [String])], file: StaticString = #filePath,
        line: UInt = #line
    ) {
        for (text, expected) in cases {
            XCTAssertEqual(problems(text), expected, text, file: file, line: line)
        }
    }

    func testUnknownKeys() {
        check([
            ("readines_path = '/'", [
                "1:1: error: unknown key `readines_path`; did you mean `readiness_path`?"
            ]),
            ("Port = 80", ["1:1: error: unknown key `Port`; did you mean `port`?"]),
            ("a = 1\n\n  b = 2", [
                "1:1: error: unknown key `a`; iterapp.toml has no such setting",
                "3:3: error: unknown key `b`; iterapp.toml has no such setting",
            ]),
            ("[reqests]\ncpu = '1'", ["1:2: error: unknown key `reqests`; did you mean `requests`?"]),
            ("cpu = '1'", ["1:1: error: `cpu` belongs under `[requests]`, not outside of any table"]),
            ("path = '/'", [
                """
                1:1: error: `path` belongs under `[readiness]`, `[liveness]`, `[metrics]` or \
                `[cronjobs.…]`, not outside of any table
                """
            ]),
            ("[metrics]\nmemory = '1'", [
                "2:1: error: `memory` belongs under `[requests]`, not under `[metrics]`"
            ]),
            ("[requests]\nmemry = '1Gi'\ndisk = 1", [
                "2:1: error: unknown key `requests.memry`; did you mean `memory`?",
                "3:1: error: unknown key `requests.disk`; `[requests]` takes `cpu`, `memory`",
            ]),
            ("[redis]\n[environment]", [
                "1:2: error: unknown key `redis`; did you mean `redis_lfu_cache`?",
                "2:2: error: unknown key `environment`; did you mean `env`?",
            ]),
            ("replicas_prod = 3", ["1:1: error: unknown key `replicas_prod`; did you mean `replicas`?"]),
            ("re = 1", ["1:1: error: unknown key `re`; iterapp.toml has no such setting"]),
            ("'a b' = 1", ["1:1: error: unknown key `\"a b\"`; iterapp.toml has no such setting"]),
        ])
    }

    func testTheTableThatSwallowsWhatStandsBelowIt() {
        check([
            ("port = 80\n\n[postgres]\n\napplings = ['a', 'b']", [
                """
                5:1: error: `applings` stands under `[postgres]` (line 3), so it belongs to that table; \
                move it above the first table, which begins on line 3
                """,
            ]),
            ("[requests]\n[env.common]\nA = 'b'\napplings = []\nport = 80", [
                """
                4:1: error: `applings` stands under `[env.common]` (line 2), so it belongs to that table; \
                move it above the first table, which begins on line 1
                """,
                """
                5:1: error: `port` stands under `[env.common]` (line 2), so it belongs to that table; \
                move it above the first table, which begins on line 1
                """,
            ]),
            ("[env.common]\nreadiness_path = '/r'", [
                """
                2:1: warning: `readiness_path` stands under `[env.common]` (line 1), so it becomes an \
                environment variable; if the setting is meant, move it above the first table, which \
                begins on line 1
                """
            ]),
            ("[env]\nport = 80", [
                """
                2:1: error: `port` stands under `[env]` (line 1), so it belongs to that table; \
                move it above the first table, which begins on line 1
                """
            ]),
        ])
    }

    func testTablesOfOtherKindsSwallowToo() {
        check([
            ("[env.common]\nA = 'b'\n[env]\nport = 80", [
                """
                4:1: error: `port` stands under `[env]` (line 3), so it belongs to that table; \
                move it above the first table, which begins on line 1
                """
            ]),
            ("[domains_env]\ndomains = ['a.b']", [
                """
                2:1: error: `domains` stands under `[domains_env]` (line 1), so it belongs to that \
                table; move it above the first table, which begins on line 1
                """
            ]),
            ("[metrics]\nreplcas = 3", [
                """
                2:1: error: unknown key `metrics.replcas`; if it is meant to be `replicas`, move it \
                above the first table, which begins on line 1
                """
            ]),
            ("[[files.common]]\nport = 80", [
                "1:9: error: `[files.common]` needs a `mount_path`: a path such as \"/app/secrets/\"",
                "1:9: error: `[files.common]` needs a `secret`: the name of a Kubernetes Secret such as \"db-keys\"",
                """
                2:1: error: `port` stands under `[files.common]` (line 1), so it belongs to that \
                table; move it above the first table, which begins on line 1
                """,
            ]),
            ("requests = { port = 80 }", [
                """
                1:14: error: `port` is no key of `[requests]`, but a setting of its own; move it out of it
                """
            ]),
        ])
    }

    func testTypesAndRanges() {
        let port = "error: `port` must be a whole number from 1 to 65535, not"
        check([
            ("port = '80'", ["1:8: \(port) the text \"80\"; leave out the quotes"]),
            ("port = 0", ["1:8: \(port) the number 0"]),
            ("port = 65536", ["1:8: \(port) the number 65536"]),
            ("port = 80.0", ["1:8: \(port) the number 80.0"]),
            ("port = true", ["1:8: \(port) `true`"]),
            ("port = [80]", ["1:8: \(port) a list"]),
            ("port = 08:00:00", ["1:8: \(port) a date or time"]),
            ("[port]", ["1:2: \(port) a table"]),
            ("replicas = 0", [
                "1:12: error: `replicas` must be a whole number from 1 to 100, not the number 0"
            ]),
        ])
    }

    func testTypesOfOtherShapes() {
        check([
            ("postgres = true", [
                "1:12: error: `postgres` must be a table, not `true`; write the header `[postgres]` instead",
            ]),
            ("from_to_www_redirect = 'true'", [
                """
                1:24: error: `from_to_www_redirect` must be `true` or `false`, not the text "true"; \
                leave out the quotes
                """
            ]),
            ("domains = 'a.b'", [
                """
                1:11: error: `domains` must be a list such as ["cats.cool"], not the text "a.b"; \
                put it in brackets: ["a.b"]
                """
            ]),
            ("[liveness]\npath = '/'\nsuccess_threshold = 2", [
                "3:21: error: `liveness.success_threshold` must be 1, not the number 2"
            ]),
            ("[rolling_update]\nmax_surge = 'many'\nmax_unavailable = 101", [
                """
                2:13: error: `rolling_update.max_surge` must be a whole number from 0 to 100, or a \
                percentage such as "30%", not the text "many"
                """,
                """
                3:19: error: `rolling_update.max_unavailable` must be a whole number from 0 to 100, or a \
                percentage such as "30%", not the number 101
                """,
            ]),
            ("default_environment = 'tst'", [
                """
                1:23: error: `default_environment` must be the name of an environment such as "test", or \
                "none", not the text "tst"; did you mean "test"?
                """
            ]),
        ])
    }

    func testPaths() {
        let path = "1:18: error: `readiness_path` must be a path such as \"/health\", not the text"
        check([
            ("readiness_path = 'health'", ["\(path) \"health\"; it begins with `/`"]),
            ("readiness_path = ''", ["\(path) \"\"; it begins with `/`"]),
            ("readiness_path = 'http://a/b'", [
                "\(path) \"http://a/b\"; leave out everything in front of the path"
            ]),
            ("readiness_path = '/a b'", [
                "\(path) \"/a b\"; write spaces and letters other than A to Z percent-encoded"
            ]),
            ("readiness_path = '/a#b'", ["\(path) \"/a#b\"; leave out `#` and what follows"]),
        ])
        XCTAssertEqual(problems("readiness_path = '/\(String(repeating: "x", count: 2048))'").count, 1)
    }

    func testHosts() {
        let start = "1:12: error: each entry of `domains` must be a host name such as \"cats.cool\", not "
        let url = "leave out `https://` and everything after the host name"
        let advice: [(String, String?)] = [
            ("https://cats.cool", url), ("cats.cool/", url), ("cats.cool:80", "leave out the port"),
            ("*.cats.cool", "wildcards are not possible; list each name"),
            ("cats", "the top-level domain is missing"), ("cats.cool.", "leave out the dot at its end"),
            ("kattø.no", "write other letters than a to z in their `xn--` form"),
            ("10.0.0.1", "an address cannot be used"), ("a..b", nil), (".a.b", nil), ("-a.b", nil),
            ("a-.b", nil), ("a_b.c", nil), ("a b.c", nil), ("", nil),
            (String(repeating: "a", count: 64) + ".b", nil),
        ]
        for (name, advice) in advice {
            let shown = name.count > 60 ? String(name.prefix(60)) + "…" : name
            XCTAssertEqual(
                problems("domains = ['\(name)']"),
                [start + "the text \"\(shown)\"" + (advice.map { "; " + $0 } ?? "")])
        }
    }

    func testHostsThatLeadToTwoPlaces() {
        check([
            ("domains = ['xn--katt-5qa.no', 'a-b.1.com']", []),
            ("domains = ['a.b', 'A.B']", [
                "1:19: error: the host name `a.b` is taken already, on line 1 of iterapp.toml; remove one"
            ]),
            ("domains = ['a.b']\n[domains_env]\ntest = ['a.b']", [
                "3:9: error: the host name `a.b` is taken already, on line 1 of iterapp.toml; remove one"
            ]),
            ("from_to_www_redirect = true\ndomains = ['a.b', 'www.a.b']", [
                """
                2:19: error: the host name `www.a.b` is taken already, by the redirect to `a.b` on line 2 \
                of iterapp.toml; remove one
                """
            ]),
        ])
    }

    func testQuantities() {
        let right = [
            "cpu = '25m'", "cpu = '1'", "cpu = '0.5'", "cpu = '0.001'", "memory = '100Mi'",
            "memory = '1.5Gi'", "memory = '128974848'", "memory = '500M'",
        ]
        for text in right { XCTAssertEqual(problems("[requests]\n\(text)"), [], text) }
        let wrong = [
            "cpu = '1x'": "1000 thousandths (`m`) are one processor",
            "cpu = '0'": "it must be more than nothing",
            "cpu = '0.0001'": "the smallest step is 0.001", "cpu = '0.5m'": "thousandths are whole numbers",
            "cpu = '-1'": nil, "cpu = ''": nil, "cpu = '1.2.3'": nil, "cpu = 'm'": nil, "cpu = '.5'": nil,
            "memory = '100MB'": "did you mean \"100Mi\"?", "memory = '100m'": "did you mean \"100Mi\"?",
            "memory = '2gb'": "did you mean \"2Gi\"?", "memory = '100'": "did you mean \"100Mi\"?",
            "memory = '0Mi'": "it must be more than nothing",
            "memory = '1 Gi'": "the units are Ki, Mi, Gi, k, M and G",
            "memory = '٣Mi'": nil, "memory = '9999999999999999Gi'": nil,
        ]
        for (text, advice) in wrong {
            let found = problems("[requests]\n\(text)")
            XCTAssertEqual(found.count, 1, text)
            XCTAssertTrue(
                found.first?.hasSuffix(advice.map { "; " + $0 } ?? "\"") ?? false, "\(text): \(found)")
        }
    }

    func testBothFormsOfOneSetting() {
        check([
            ("readiness_path = '/a'\n[readiness]\npath = '/b'", [
                """
                3:1: error: `readiness_path` (line 1) and `path` under `[readiness]` (line 3) are the \
                same setting; remove one of them
                """
            ]),
            ("liveness.path = '/a'\nliveness.port = 1\nliveness_port = 1\nliveness_path = '/a'", [
                """
                3:1: error: `liveness_port` (line 3) and `port` under `[liveness]` (line 2) are the \
                same setting; remove one of them
                """,
                """
                4:1: error: `liveness_path` (line 4) and `path` under `[liveness]` (line 1) are the \
                same setting; remove one of them
                """,
            ]),
        ])
    }

    func testSettingsThatNeedEachOther() {
        let path = "error: a liveness probe needs a path; add `liveness_path`, or remove this setting"
        check([
            ("liveness_port = 3001", ["1:1: \(path)"]), ("[liveness]", ["1:2: \(path)"]),
            ("[liveness]\nperiod_seconds = 1", ["1:2: \(path)"]),
            ("liveness_port = 1\nliveness_path = x", [
                "2:17: error: this is no value; text needs quotes"
            ]),
            ("[rolling_update]\nmax_surge = '0%'\nmax_unavailable = 0", [
                """
                1:2: error: `max_unavailable` and `max_surge` are both 0, so no pod could ever be \
                replaced; raise one
                """
            ]),
        ])
    }
}
