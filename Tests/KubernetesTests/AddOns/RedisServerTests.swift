import Foundation
import XCTest

@testable import Kubernetes

/// What a real Redis makes of the configuration and the user that apps' Redis is given.
final class RedisServerTests: XCTestCase {
    func testWhatAppsNeedIsAllowedAndTheRestRefused() async throws {
        try await RedisServer.with { redis in
            let allowed: [([String], String?)] = [
                (["SET", "cat", "meow"], "OK"), (["GET", "cat"], "meow"), (["EXPIRE", "cat", "60"], "1"),
                (["KEYS", "*"], "cat"), (["SCAN", "0"], "0"), (["INFO", "server"], "# Server"),
                (["RPUSH", "list", "b", "a"], "2"), (["SORT", "list", "ALPHA"], "a"), (["HSET", "h", "k", "v"], "1"),
                (["ZADD", "z", "1", "m"], "1"), (["XADD", "s", "1-1", "k", "v"], "1-1"), (["PUBLISH", "news", "x"], "0"),
                (["PUBSUB", "CHANNELS"], nil), (["EVAL", "return redis.call('INCR', KEYS[1])", "1", "n"], "1"),
                (["MULTI"], "OK"), (["SELECT", "1"], "OK"), (["CLIENT", "SETNAME", "app"], "OK"), (["DBSIZE"], nil),
                (["MEMORY", "USAGE", "list"], nil), (["ACL", "WHOAMI"], "default"), (["FLUSHDB"], "OK"),
                (["FLUSHALL"], "OK"),
            ]
            for (command, answer) in allowed {
                let lines = try await redis.ask(lines: [Self.line(command)])
                if let answer { XCTAssertEqual(lines.first, answer, "\(command)") }
                XCTAssertFalse(lines.contains { $0.hasPrefix("NOPERM") || $0.hasPrefix("ERR") }, "\(command): \(lines)")
            }
            let refused = [
                "CONFIG GET maxmemory", "CONFIG SET maxmemory 1gb", "SHUTDOWN NOSAVE", "REPLICAOF NO ONE", "SLAVEOF NO ONE",
                "SAVE", "BGSAVE", "BGREWRITEAOF", "MONITOR", "ACL LIST", "ACL SETUSER x on", "MODULE LIST",
                "CLIENT LIST", "CLIENT KILL ID 1", "CLIENT PAUSE 1", "LATENCY LATEST", "SLOWLOG GET",
                "MIGRATE h 1 k 0 1", "RESTORE k 0 x", "SWAPDB 0 1", "FAILOVER", "ROLE", "REPLCONF x y", "PFDEBUG ENCODING k",
                "PSYNC ? -1", "SYNC",
            ]
            for command in refused {
                let lines = try await redis.ask(lines: [command])
                XCTAssertTrue(lines.contains { $0.contains("NOPERM") }, "\(command): \(lines)")
            }
            // The server's own switch says it first.
            for command in ["DEBUG SLEEP 0", "MODULE LOAD /x.so"] {
                let words = try await redis.ask(lines: [command]).joined(separator: " ")
                XCTAssertTrue(words.contains("not allowed") || words.contains("NOPERM"), words)
            }
            let alive = try await redis.ask("PING")
            XCTAssertEqual(alive, ["PONG"])
        }
    }

    /// Quoted, as redis-cli reads lines.
    private static func line(_ words: [String]) -> String {
        words.map { "\"\($0)\"" }.joined(separator: " ")
    }

    func testNobodyComesInWithoutThePassword() async throws {
        try await RedisServer.with { redis in
            for password in [nil, "wrong", ""] {
                let lines = try await redis.ask("GET", "cat", password: password)
                XCTAssertTrue(lines.contains { $0.contains("NOAUTH") }, "\(password ?? "none"): \(lines)")
            }
        }
    }

    func testAFullOneForgetsWhatIsUsedLeastAndTakesMore() async throws {
        try await RedisServer.with { redis in
            let memory = try await redis.ask("INFO", "memory")
            XCTAssertTrue(memory.contains("maxmemory:104857600"), "\(memory)")
            XCTAssertTrue(memory.contains("maxmemory_policy:allkeys-lfu"), "\(memory)")
            let hot = try await redis.ask(lines: ["SET hot cat"] + Array(repeating: "GET hot", count: 200))
            XCTAssertEqual(hot.count, 201)
            // 200 MB.
            let fill = (1...200).flatMap { number in
                [#"EVAL "return redis.call('SET', KEYS[1], string.rep('x', 1000000))" 1 key\#(number)"#, "GET hot"]
            }
            let answers = try await redis.ask(lines: fill)
            XCTAssertEqual(answers, Array(repeating: ["OK", "cat"], count: 200).flatMap(\.self))
            let count = try await redis.ask("DBSIZE").first.flatMap { Int($0) }
            XCTAssertTrue((20...110).contains(count ?? 0), "\(count ?? -1)")
        }
    }

    func testNothingIsKeptOverARestart() async throws {
        try await RedisServer.with { redis in
            let set = try await redis.ask("SET", "cat", "meow")
            XCTAssertEqual(set, ["OK"])
        } then: { redis in
            let kept = try await redis.ask("GET", "cat")
            XCTAssertEqual(kept, [], "an empty answer")
            let files = try FileManager.default.contentsOfDirectory(atPath: redis.directory.appending(path: "data").path)
            XCTAssertEqual(files, [])
        }
    }
}
