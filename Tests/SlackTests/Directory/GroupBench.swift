import Deploys
import Foundation
import HTTP
import Store
import Synchronization
import TestSupport

@testable import Sandbox
@testable import Slack

/// The directory of user groups, with a workspace behind a socket and a clock that tests set.
struct GroupBench {
    let server: SlackServer
    let memory: CountingMemory
    let directory: GroupDirectory
    let log = Lines()
    private let clock = Watched(start)

    static let start = Date(timeIntervalSince1970: 1_790_000_000)

    /// Cats are `U1` and `U2`, dogs are `U3`.
    static func with(
        scopes: Set<String> = SlackGrant.allScopes, _ body: (GroupBench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let bench = try await GroupBench(folder, scopes)
            try await bench.put("S0CATS", ["U1", "U2"])
            try await bench.put("S0DOGS", ["U3"])
            try await body(bench)
            await bench.server.stop()
            await bench.memory.journal.close()
        }
    }

    private init(_ folder: URL, _ scopes: Set<String>) async throws {
        let clock = clock
        server = try SlackServer(scopes: scopes, now: { clock.value })
        try server.start()
        memory = CountingMemory(journal: try await SQLiteJournal.open(folder) { clock.value })
        directory = GroupDirectory(
            api: Self.api(server), memory: memory, now: { clock.value }, log: log.log)
    }

    private static func api(_ server: SlackServer) -> SlackWebAPI {
        SlackWebAPI(client: HTTPClient(), baseURL: server.url + "/api/", token: "xoxb-test")
    }

    /// As after a restart: only what is on disk is known.
    func restarted() -> GroupDirectory {
        let clock = clock
        return GroupDirectory(api: Self.api(server), memory: memory, now: { clock.value }, log: log.log)
    }

    func put(_ id: String, _ members: [String], isDisabled: Bool = false) async throws {
        try await server.workspace.put(
            ChatGroup(id: id, handle: id.lowercased(), name: id, members: members, isDisabled: isDisabled))
    }

    func advance(_ seconds: TimeInterval) { clock.change { $0 += seconds } }

    func members(_ ids: String...) async -> [String: Set<String>] { await directory.members(of: Set(ids)) }

    /// Fails when they do not come in half a minute.
    func wait(forCalls count: Int) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await server.calls.wait { $0.count { $0.method == "usergroups.users.list" } >= count }
            }
            group.addTask { try? await Task.sleep(for: .seconds(30)) }
            await group.next()
            group.cancelAll()
        }
        guard calls.count >= count else { throw TestFailure("\(calls.count) calls came, not \(count)") }
    }

    var calls: [String] {
        server.calls.of("usergroups.users.list").map { $0.arguments["usergroup"]?.string ?? "" }
    }
}

/// The journal's memory, and how often it kept something.
struct CountingMemory: UserGroupMemory {
    let journal: SQLiteJournal
    let kept = Watched(0)

    func userGroups() async throws(JournalError) -> [UserGroup] { try await journal.userGroups() }

    func remember(_ group: UserGroup) async throws(JournalError) {
        try await journal.remember(group)
        kept.change { $0 += 1 }
    }
}
