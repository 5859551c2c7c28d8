import AppFile
import XCTest

/// Every setting of the file, below every table that could swallow it.
final class TrapTests: XCTestCase {
    private let settings = [
        "applings = ['a']", "default_environment = 'test'", "port = 80", "replicas = 2", "replicas_test = 1",
        "readiness_path = '/'", "liveness_path = '/'", "liveness_port = 80", "readiness = {}", "liveness = {}",
        "requests = {}", "rolling_update = {}", "release = {}", "domains = ['a.b']", "domains_env = {}",
        "from_to_www_redirect = true", "dns01_for_acme = true", "ingress = {}", "metrics = {}", "env = {}",
        "files = {}", "build_secrets = {}", "postgres = {}", "redis_lfu_cache = {}",
        "cloud_sql_postgres_instances = {}", "nats = {}", "cronjobs = {}",
    ]
    private let headers = [
        "[readiness]", "[liveness]", "[requests]", "[rolling_update]", "[release]", "[domains_env]", "[ingress]",
        "[metrics]", "[env]", "[env.common]", "[env.prod]", "[files]", "[[files.common]]", "[build_secrets]",
        "[postgres]", "[redis_lfu_cache]", "[cloud_sql_postgres_instances]", "[nats]", "[cronjobs]",
        "[cronjobs.a]", "[cronjobs.a.headers]",
    ]

    func testEverySettingBelowEveryTable() {
        for header in headers {
            for setting in settings {
                let name = setting.prefix { $0 != " " }
                // A setting of that table too, or a table of an author's own choice of name.
                let isOwn = name == "port" && ["[readiness]", "[liveness]", "[metrics]"].contains(header)
                guard !isOwn, !setting.hasSuffix("{}") || !isFree(header) else { continue }
                let title = header.replacing("[[", with: "[").replacing("]]", with: "]")
                let trap = "2:1: error: `\(name)` stands under `\(title)` (line 1), so it belongs to that table; "
                    + "move it above the first table, which begins on line 1"
                let variable = "2:1: warning: `\(name)` stands under `\(title)` (line 1), so it becomes an "
                    + "environment variable; if the setting is meant, move it above the first table, which begins "
                    + "on line 1"
                let found = problems("\(header)\n\(setting)")
                let isText = header.hasPrefix("[env.") && setting.hasSuffix("'")
                XCTAssertTrue(found.contains(isText ? variable : trap), "\(header) \(setting): \(found)")
            }
        }
    }

    private func isFree(_ header: String) -> Bool {
        let free = ["[env]", "[env.", "[files]", "[build_", "[cloud_", "[cronjobs]", "[cronjobs.a.headers]", "[domains_env]"]
        return free.contains { header.hasPrefix($0) }
    }

    func testDottedKeysBelowVariables() {
        XCTAssertEqual(
            problems("[env.common]\nrequests.cpu = '1'"),
            [
                """
                2:1: error: `requests` stands under `[env.common]` (line 1), so it belongs to that table; move it \
                above the first table, which begins on line 1
                """
            ])
        XCTAssertEqual(problems("[env.common]\nrelease = { secret = 'a', key = 'b' }"), [])
    }
}
