import Foundation
import Subprocess
import TestSupport
import XCTest

/// A secret that slips into what a build prints or a commit says is nowhere to be read.
final class SecretStoryTests: XCTestCase {
    func testSecretsReachNoMessageNoPageAndNoLog() async throws {
        // Put together here, so that no scanner takes this file for a leak.
        let token = "ghp_" + String(repeating: "aB3dE6gH9", count: 4)
        let secrets = [token, DemoProcess.signingSecret, "TWlJ0123456789"]
        try await withDemo { demo in
            _ = try await demo.outcome(of: "register cats")
            try await demo.cats.git("checkout", "-q", "-b", "leaky")
            let script = """
                echo "cloning with \(token)"; echo "known: \(DemoProcess.signingSecret)"
                echo "-----BEGIN PRIVATE KEY-----"; echo TWlJ0123456789; echo "-----END PRIVATE KEY-----"
                i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo "line $i with \(token)"; done; exit 3
                """
            try await demo.cats.commit([
                "leak.sh": script,
                "Dockerfile": """
                    FROM scratch
                    COPY busybox /bin/busybox
                    COPY leak.sh /leak.sh
                    RUN ["/bin/busybox", "sh", "/leak.sh"]
                    """,
            ], "Use \(token) for now")
            try await demo.waitUntilQuiet("after the push")
            let channel = try await demo.messages()
            XCTAssertTrue(channel.contains { $0.text.contains("failed") }, "\(channel.map(\.text))")
            XCTAssertTrue(channel.contains { $0.words.contains("line 60 with •••") }, "\(channel.map(\.words))")
            let link = channel.compactMap { $0.words.firstMatch(of: #/http://localhost:\d+(/operations/[^|>]+)/#) }.first
            let page = try await demo.get(String(try XCTUnwrap(link).1))
            XCTAssertEqual(page.status, 200)
            let log = try await Self.buildLog(in: demo.directory.appending(path: "state/logs/iterate/cats"))
            XCTAssertTrue(String(decoding: log, as: UTF8.self).contains("line 60 with •••"))
            let everything = try await [
                "the channel": demo.get("/demo/messages?channel=all").body, "the page": page.body,
                "the build's log": log, "the service's log": Array(demo.log.utf8),
            ]
            for (place, bytes) in everything {
                let text = String(decoding: bytes, as: UTF8.self)
                for secret in secrets { XCTAssertFalse(text.contains(secret), "\(place) tells \(secret)") }
            }
        }
    }

    /// Packed, or not yet.
    private static func buildLog(in folder: URL) async throws -> [UInt8] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let files = names.sorted().map { folder.appending(path: $0).path }
        return try await ProgramRun("gzip", ["-d", "-c", "-f", "--"] + files, timeLimit: .seconds(10)).run().output
    }
}
