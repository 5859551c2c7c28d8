import Foundation
import TestSupport
import XCTest

/// `[redis_lfu_cache]` on a line of its own, and the app has a cache: a real redis-server in a pod of its own.
final class RedisStoryTests: XCTestCase {
    private static let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        COPY answer.sh /answer.sh
        ENTRYPOINT \(GitRepository.shell("/bin/busybox nc -ll -p 3000 -e /bin/busybox sh /answer.sh"))

        """
    /// Tells what Redis says to a few commands.
    private static let answer = """
        while read -r line && [ "${line#?}" ]; do :; done
        printf 'HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n'
        printf 'AUTH %s %s\\r\\nINCR visits\\r\\nCONFIG GET maxmemory\\r\\n' "$REDIS_USER" "$REDIS_PASSWORD" |
            /bin/busybox nc "$REDIS_HOST" "$REDIS_PORT"

        """

    /// What it says, line by line; after a start, its pod takes a moment.
    private func talk(_ demo: DemoProcess) async throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let page = await demo.page("counter.test.localhost") ?? ""
            let lines = page.split(whereSeparator: \.isNewline).map(String.init)
            if lines.count == 3 { return lines }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("Redis says nothing; the log:\n\(demo.log)")
    }

    func testAnAppCountsInItsCacheWhichADeployLeavesAlone() async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/redis-server") else {
            throw XCTSkip("no redis-server is installed; .ci/prepare installs one")
        }
        try await withDemo { demo in
            let repository = demo.repository("counter")
            let settings = "[redis_lfu_cache]\n[env.common]\nX = \"%\"\n"
            try await repository.make([
                "Dockerfile": Self.dockerfile, "answer.sh": Self.answer, "iterapp.toml": settings,
            ])
            _ = try await demo.outcome(of: "register counter")
            let live = try await demo.outcome(of: "deploy counter test main")
            XCTAssertEqual(live.live.text, "✅ counter is live on test", "\(live.lines)")
            let first = try await talk(demo)
            XCTAssertEqual(first[0], "+OK")
            XCTAssertTrue(first[2].hasPrefix("-NOPERM"), "an app has no say in how it is set up: \(first[2])")
            let count = try XCTUnwrap(Int(first[1].dropFirst()))

            // The app is another one, its cache the same.
            try await repository.commit(["iterapp.toml": settings.replacing("%", with: "1")], "Say more")
            let next = try await demo.outcome(of: "deploy counter test main")
            XCTAssertEqual(next.live.text, "✅ counter is live on test")
            let second = try await talk(demo)
            XCTAssertEqual(second[0], "+OK")
            XCTAssertGreaterThan(try XCTUnwrap(Int(second[1].dropFirst())), count)
        }
    }
}
