import TestSupport
import XCTest

@testable import Kubernetes

/// What the line of an app's user in `RedisSecret` amounts to, command by command, as a real server understands it.
final class RedisCommandsTests: XCTestCase {
    /// Dangerous for others on a server, but an app's Redis has no others.
    private static let allowed: Set = ["flushall", "flushdb", "info", "keys", "sort"]

    /// Those of Redis 7.0, by the word that they begin with.
    private static let dangerous = Set(
        [
            "": "bgrewriteaof bgsave debug failover lastsave migrate monitor pfdebug pfselftest psync replconf "
                + "replicaof restore restore-asking role save shutdown slaveof sort_ro swapdb sync",
            "acl": "deluser dryrun getuser list load log save setuser users",
            "client": "kill list no-evict pause unblock unpause",
            "cluster": "addslots addslotsrange bumpepoch count-failure-reports delslots delslotsrange failover "
                + "flushslots forget meet replicas replicate reset saveconfig set-config-epoch setslot slaves",
            "config": "get resetstat rewrite set",
            "latency": "doctor graph histogram history latest reset",
            "module": "list load loadex unload",
            "slowlog": "get len reset",
        ].flatMap { word, names in names.split(separator: " ").map { word.isEmpty ? String($0) : "\(word)|\($0)" } }
    ).union(allowed)

    private func category(_ name: String, of redis: RedisServer) async throws -> Set<String> {
        Set(try await redis.ask(lines: ["ACL CAT \(name)"], as: RedisServer.administrator))
    }

    /// Whether an app's user may, by command. The server looks at how many words there are first.
    private func verdicts(on commands: [String], by redis: RedisServer) async throws -> [String: Bool] {
        let counts = 0...12
        let lines = commands.flatMap { command in
            counts.map { count in
                "ACL DRYRUN default \(command.replacing("|", with: " "))" + String(repeating: " x", count: count)
            }
        }
        let answers = try await redis.ask(lines: lines, as: RedisServer.administrator)
        guard answers.count == lines.count else { throw TestFailure("\(answers.count) answers to \(lines.count) commands") }
        var verdicts: [String: Bool] = [:]
        for (index, command) in commands.enumerated() {
            let own = answers[(index * counts.count)..<((index + 1) * counts.count)]
            let answer = try XCTUnwrap(own.first { !$0.contains("wrong number of arguments") }, command)
            guard answer == "OK" || answer.contains("no permissions") else { throw TestFailure("\(command): \(answer)") }
            verdicts[command] = answer == "OK"
        }
        return verdicts
    }

    func testExactlyWhatIsDangerousForTheServerIsRefused() async throws {
        try await RedisServer.with { redis in
            let dangerous = try await category("dangerous", of: redis)
            var all: Set<String> = []
            for name in try await redis.ask(lines: ["ACL CAT"], as: RedisServer.administrator) {
                all.formUnion(try await category(name, of: redis))
            }
            // By themselves, without a second word, these are no commands.
            all.subtract(all.compactMap { $0.split(separator: "|").first.map(String.init) }.filter { word in
                all.contains { $0.hasPrefix("\(word)|") }
            })
            XCTAssertGreaterThan(all.count, 300)
            let verdicts = try await verdicts(on: all.sorted(), by: redis)
            let refused = Set(verdicts.filter { !$0.value }.keys)
            XCTAssertEqual(refused.sorted(), dangerous.subtracting(Self.allowed).sorted())
        }
    }

    /// A newer server may count more among them, which apps may need; or something that no app should have, elsewhere.
    func testWhatRedisCallsDangerousIsKnown() async throws {
        try await RedisServer.with { redis in
            let dangerous = try await category("dangerous", of: redis)
            XCTAssertEqual(
                dangerous.subtracting(Self.dangerous), [],
                "this Redis refuses apps more than was thought of: decide whether they need it")
            XCTAssertTrue(dangerous.isSuperset(of: Self.allowed), "what need not be allowed any more: \(Self.allowed)")
            let administration = try await category("admin", of: redis)
            XCTAssertEqual(administration.subtracting(dangerous), [], "this Redis lets apps administer it")
        }
    }
}
