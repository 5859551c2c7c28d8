import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Addons

/// `[nats]` on a line of its own, and the app has an account: from a command in the channel to messages on a real server.
final class NATSStoryTests: XCTestCase {
    private static let dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        COPY start.sh /start.sh
        COPY site /site
        ENTRYPOINT ["/bin/busybox", "sh", "/start.sh"]

        """
    /// Shows what it was given, and what the server says first to somebody in the container.
    private static let start = """
        #!/bin/busybox sh
        printf %s "$NATS_URL" > /site/url
        printf %s "$NATS_CREDENTIALS" > /site/credentials
        /bin/busybox cp "$NATS_CREDENTIALS_FILE" /site/nats.creds
        [ -z "$NATS_CA_FILE" ] || /bin/busybox cp "$NATS_CA_FILE" /site/ca.crt
        echo "$NATS_CREDENTIALS_FILE ${NATS_CA_FILE-without}" > /site/paths
        /bin/busybox ls /var/run/iterapp/nats > /site/files
        address=${NATS_URL#*://}
        /bin/busybox sleep 1 | /bin/busybox nc "${address%:*}" "${address#*:}" | /bin/busybox head -n 1 > /site/info
        trap '/bin/busybox kill "$server"' TERM INT
        /bin/busybox httpd -f -p "$PORT" -h /site &
        server=$!
        wait "$server"

        """

    /// Where containers find this machine.
    private func bridge() async throws -> String {
        let run = ProgramRun("ip", ["-4", "-brief", "address", "show", "docker0"], timeLimit: .seconds(20))
        // `docker0  UP  172.17.0.1/16`
        let words = String(decoding: try await run.run().output, as: UTF8.self).split { $0.isWhitespace }
        guard words.count > 2, let address = words[2].split(separator: "/").first else {
            throw XCTSkip("the Docker Engine has no bridge on which containers find a server")
        }
        return String(address)
    }

    private func make(_ name: String, _ demo: DemoProcess) async throws {
        try await demo.repository(name).make([
            "Dockerfile": Self.dockerfile, "start.sh": Self.start, "iterapp.toml": "readiness_path = \"/health\"\n[nats]\n",
        ])
        _ = try await demo.outcome(of: "register \(name)")
    }

    private func deploy(_ name: String, _ demo: DemoProcess) async throws {
        let outcome = try await demo.outcome(of: "deploy \(name) test main")
        XCTAssertEqual(outcome.live.text, "✅ \(name) is live on test", "\(outcome.lines)")
    }

    /// What the container of the live release shows.
    private func shown(_ file: String, by name: String, _ demo: DemoProcess) async throws -> String {
        let page = await demo.page("\(name).test.localhost", "/\(file)")
        return try XCTUnwrap(page, "\(name) shows no \(file); the log:\n\(demo.log.suffix(2_000))")
    }

    /// What its clients connect with, from nowhere but the container.
    private func given(
        _ name: String, _ demo: DemoProcess, files: [String] = ["nats.creds", "ca.crt"]
    ) async throws -> [String: String] {
        var given: [String: String] = [:]
        for file in files { given[file] = try await shown(file, by: name, demo) }
        return given
    }

    func testTwoAppsTalkEachInTheirOwnAccountAlsoWhileAUserIsReplaced() async throws {
        try await NATSBench.with(at: try await bridge()) { bench in
            try await withDemo(environment: try bench.variables()) { demo in
                for name in ["talker", "stranger"] {
                    try await make(name, demo)
                    try await deploy(name, demo)
                }
                let first = try await given("talker", demo)
                try await assertEverythingIsThere(bench, demo, first)

                let (one, other) = (try await NATSPeer.connect(bench, first), try await NATSPeer.connect(bench, first))
                let stranger = try await NATSPeer.connect(bench, try await given("stranger", demo))
                let subscriptions = (try await one.subscribe(">"), try await stranger.subscribe(">"))
                try await other.publish("meow", to: "greeting")
                let heard = try await one.next(of: subscriptions.0)
                XCTAssertEqual(heard, "meow")
                // What came before from elsewhere would be heard first.
                try await stranger.publish("moo", to: "greeting")
                let strange = try await stranger.next(of: subscriptions.1)
                XCTAssertEqual(strange, "moo")

                let secret = "/api/v1/namespaces/apps-talker-test/secrets/talker-nats"
                try await demo.cluster("DELETE", secret)
                try await demo.repository("talker").commit(["site/index.html": "Anew\n"], "Say more")
                try await deploy("talker", demo)
                let page = try await shown("", by: "talker", demo)
                XCTAssertEqual(page, "Anew\n")
                let second = try await given("talker", demo)
                XCTAssertNotEqual(second["nats.creds"], first["nats.creds"])
                // Through the whole roll-out, the old one stayed connected, and in the same account as the new one.
                let new = try await NATSPeer.connect(bench, second)
                try await new.publish("purr", to: "greeting")
                let last = try await one.next(of: subscriptions.0)
                XCTAssertEqual(last, "purr")
                let values = try await demo.cluster("GET", secret)["data"]
                XCTAssertNotNil(values?["older-users-until"], "the old user's time is not limited")
            }
        }
    }

    /// Clients are given an authority where `$NATS_CA_FILE` is set, and insist on TLS then.
    func testWithoutTLSAndAnAuthorityAppsHaveNeitherTheVariableNorTheFile() async throws {
        try await NATSBench.with(at: try await bridge(), tls: false) { bench in
            try await withDemo(environment: try bench.variables()) { demo in
                try await make("talker", demo)
                try await deploy("talker", demo)
                let paths = try await shown("paths", by: "talker", demo)
                XCTAssertEqual(paths, "/var/run/iterapp/nats/nats.creds without\n")
                let files = try await shown("files", by: "talker", demo)
                XCTAssertEqual(files, "nats.creds\n")
                let info = try await shown("info", by: "talker", demo)
                XCTAssertTrue(info.hasPrefix("INFO {"), "the container reads: \(info)")
                let given = try await given("talker", demo, files: ["nats.creds"])
                let (one, other) = (try await NATSPeer.connect(bench, given), try await NATSPeer.connect(bench, given))
                let subscription = try await one.subscribe(">")
                try await other.publish("meow", to: "greeting")
                let heard = try await one.next(of: subscription)
                XCTAssertEqual(heard, "meow")
            }
        }
    }

    private func assertEverythingIsThere(
        _ bench: NATSBench, _ demo: DemoProcess, _ given: [String: String]
    ) async throws {
        let credentials = try await shown("credentials", by: "talker", demo)
        XCTAssertEqual(given["nats.creds"], credentials)
        XCTAssertEqual(given["ca.crt"], try bench.authorityPEM)
        let url = try await shown("url", by: "talker", demo)
        XCTAssertEqual(url, "tls://\(bench.address):\(bench.port)")
        let paths = try await shown("paths", by: "talker", demo)
        XCTAssertEqual(paths, "/var/run/iterapp/nats/nats.creds /var/run/iterapp/nats/ca.crt\n")
        let info = try await shown("info", by: "talker", demo)
        XCTAssertTrue(info.hasPrefix("INFO {") && info.contains("\"tls_required\":true"), "the container reads: \(info)")
    }
}
