import Foundation
import JSON
import Subprocess
import TOML
import TestSupport
import XCTest

@testable import AppFile

/// Python's `jsonschema`, which is not ours, reads the schema and files as an editor does. `.ci/prepare` installs it.
final class SchemaFileTests: XCTestCase {
    private let reference = """
        applings = []
        default_environment = "test"
        port = 3000
        replicas = 2
        replicas_test = 1
        readiness_path = "/health"
        liveness_path = "/liveness"
        liveness_port = 3001
        domains = ["cats.cool", "my.cats.cool"]
        from_to_www_redirect = false
        dns01_for_acme = false
        [env.common]
        PORT = "3000"
        DB_PASSWORD = { secret = "db-keys", key = "password" }
        [env.prod]
        ENV_NAME = "ENV_VALUE"
        KEY = { encrypted = "AQEBAgME" }
        [build_secrets]
        "my-secret" = { encrypted = "AQIBAgME" }
        [postgres]
        extensions = ["uuid-ossp"]
        [redis_lfu_cache]
        enabled = true
        [cloud_sql_postgres_instances]
        5433 = "iterate-vake:europe-west1:vake-cloud-sql"
        [ingress]
        disable_access_log = false
        proxy_max_body_size = "8m"
        disable = false
        [domains_env]
        test = ["test-api.ting.no"]
        snap3 = ["snap.ting.no"]
        [cronjobs.update-thing]
        schedule = "0 * * * *"
        path = "/api/v1/run_scheduled_task"
        method = "GET"
        [cronjobs.update-thing.headers]
        Authorization = "Bearer asdf123"
        [nats]
        [requests]
        cpu = "25m"
        memory = "100Mi"
        [metrics]
        port = 3001
        path = "/metrics"
        [[files.common]]
        mount_path = "/app/secrets/"
        secret = "my-secret"
        [readiness]
        timeout_seconds = 5
        [rolling_update]
        max_unavailable = "30%"
        max_surge = 2
        [release]
        command = "bin/migrate"
        """

    func testFilesAsEditorsReadThem() async throws {
        let verdicts = try await judge([
            "", reference, "applings = ['frontend', 'backend']", "port = '80'", "prot = 80", "[env.prd]\nA = 'b'",
            "[cronjobs.a]\nschedule = '@daily'",
        ])
        XCTAssertEqual(verdicts[0], "")
        XCTAssertEqual(verdicts[1], "")
        XCTAssertEqual(verdicts[2], "")
        XCTAssertEqual(verdicts[3], "$.port: '80' is not of type 'integer'")
        XCTAssertTrue(verdicts[4].contains("'prot' was unexpected"), verdicts[4])
        XCTAssertTrue(verdicts[5].contains("'prd'"), verdicts[5])
        XCTAssertTrue(verdicts[6].contains("'path' is a required property"), verdicts[6])
    }

    /// So what `SchemaTests` finds out with `SchemaJudge` is true.
    func testOurJudgeSaysTheSame() async throws {
        // Python's `$` also stops in front of a last line break, which ECMA 262's does not.
        let all = SampleDocuments.all.map(\.text).filter { !$0.contains("\\u000a\"") }
        // Another part of them each time.
        let start = Int.random(in: 0..<5)
        let some = stride(from: start, to: all.count, by: 5).map { all[$0] }
        let verdicts = try await judge(some)
        let judge = SchemaJudge()
        for (text, verdict) in zip(some, verdicts) {
            let table = TOMLDocument(Array(text.utf8)).table
            XCTAssertEqual(judge.accepts(JSON(table), AppFile.schema), verdict.isEmpty, "\(text): \(verdict)")
        }
        XCTAssertGreaterThan(verdicts.count { $0.isEmpty }, 50)
    }

    private func judge(_ documents: [String]) async throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/validate.py").path
        guard let python = TestTools.python else { throw XCTSkip(TestTools.absence) }
        var run = ProgramRun(python, [script], timeLimit: .seconds(60))
        run.input = (["schema": AppFile.schema, "documents": .array(documents.map { .string($0) })] as JSON).bytes
        let result = try await run.run()
        XCTAssertEqual(result.exitCode, 0, String(decoding: result.errorOutput, as: UTF8.self))
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        XCTAssertEqual(lines.count, documents.count + 1)
        return lines.dropLast().map(String.init)
    }
}
