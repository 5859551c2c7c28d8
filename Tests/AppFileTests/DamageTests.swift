import AppFile
import TestSupport
import XCTest

/// Damaged files are refused or read, never a crash; and what is refused says why.
final class DamageTests: XCTestCase {
    private let document = """
        applings = []
        default_environment = "prod"
        port = 80
        replicas = 2
        readiness_path = "/health"
        domains = ["cats.cool", "www.cats.cool"]
        [readiness]
        period_seconds = 2
        [env.common]
        A = "x"
        B = { secret = "db", key = "k" }
        [env.prod]
        A = { encrypted = "AQEBAgMEBQYHCAxpdGVyYXRlL2NhdHMEZGVm" }
        [domains_env]
        test = ["a.b"]
        [postgres]
        extensions = ["uuid-ossp"]
        [[files.common]]
        mount_path = "/app"
        secret = "x"
        [[files.prod]]
        mount_path = "/app/more"
        secret = "y"
        [build_secrets]
        token = { encrypted = "AQIBAgMEBQYHCAxpdGVyYXRlL2NhdHMEZGVm" }
        [cloud_sql_postgres_instances]
        5433 = "project:europe-west1:instance"
        [redis_lfu_cache]
        enabled = true
        [ingress]
        proxy_max_body_size = "8m"
        [nats]
        [release]
        command = "bin/migrate"
        [cronjobs.job]
        schedule = "*/5 0-6 1,15 JAN-MAR MON"
        path = "/"
        [cronjobs.job.headers]
        Authorization = "x"
        [rolling_update]
        max_surge = "30%"
        """

    func testRandomChanges() {
        let seed = UInt64.random(in: .min ... .max)
        print("DamageTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        let lines = document.split(separator: "\n").map(String.init)
        let values = [
            "1", "-1", "\"\"", "\"x\"", "true", "[]", "[1]", "[[]]", "{}", "{ a = 1 }", "1.5", "nan",
            "07:00:00", "2026-01-01", "\"\\u0000\"", "9223372036854775807", "[{ secret = 1 }]",
        ]
        for round in 0..<1500 {
            var changed = lines.shuffled(using: &random)
                .prefix(Int.random(in: 0...lines.count, using: &random)).map { $0 }
            for _ in 0...2 where !changed.isEmpty {
                let index = Int.random(in: 0..<changed.count, using: &random)
                let key = changed[index].prefix { $0 != "=" }
                changed[index] = "\(key)= \(values.randomElement(using: &random) ?? "")"
            }
            check(Array(changed.joined(separator: "\n").utf8), "seed \(seed), round \(round)")
        }
    }

    func testRandomBytes() {
        let seed = UInt64.random(in: .min ... .max)
        print("DamageTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        let bytes = Array(document.utf8)
        for round in 0..<1500 {
            var changed = bytes
            for _ in 0...3 {
                let index = Int.random(in: 0..<changed.count, using: &random)
                changed[index] = UInt8.random(in: .min ... .max, using: &random)
            }
            check(changed, "seed \(seed), round \(round)")
        }
    }

    func testAMillionRandomBytes() {
        let seed = UInt64.random(in: .min ... .max)
        print("DamageTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        check((0..<1_000_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }, "seed \(seed)")
        // Text as far as UTF-8 goes, so that the reader gets further.
        let printable = (0..<1_000_000).map { _ in UInt8.random(in: 0x09...0x7E, using: &random) }
        check(printable, "seed \(seed), printable")
        let lines = document.split(separator: "\n").map { Array($0.utf8) + [0x0A] }
        check((0..<20_000).flatMap { _ in lines.randomElement(using: &random) ?? [] }, "seed \(seed), lines")
    }

    private func check(_ bytes: [UInt8], _ context: String) {
        let (file, problems) = AppFile.load(from: BytesTree(bytes: bytes))
        let hasError = problems.contains { $0.severity == .error }
        XCTAssertEqual(file == nil, hasError, context)
        XCTAssertEqual(problems, problems.sorted(), context)
        for problem in problems {
            XCTAssertTrue(problem.line >= 1 && problem.column >= 1, "\(context): \(problem)")
            XCTAssertFalse(problem.message.isEmpty, context)
            XCTAssertFalse(problem.message.unicodeScalars.contains { $0.value < 0x20 }, context)
        }
    }
}

private struct BytesTree: FileTree {
    let bytes: [UInt8]

    func read(_ path: String) throws(FileTreeError) -> [UInt8]? {
        path == "iterapp.toml" ? bytes : nil
    }

    func isFolder(_ path: String) throws(FileTreeError) -> Bool { true }
}
