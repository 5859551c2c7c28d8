import Foundation
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// Programs that log in, as real processes, and a server that judges what they give.
final class ExecPluginTests: XCTestCase {
    private struct Bench {
        let directory: URL
        var runs: Int { (try? String(contentsOf: directory.appending(path: "runs"), encoding: .utf8).count) ?? 0 }
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: directory.appending(path: name))
        }
    }

    /// - Parameters:
    ///   - script: of a shell; what it prints is the credential.
    ///   - exec: more of the entry, in YAML's flow form.
    private func withPlugin(
        _ script: String, exec: String = "", server: String = "https://kube",
        _ body: (KubernetesConnection, Bench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let bench = Bench(directory: directory)
            let program = directory.appending(path: "login")
            try bench.write("login", "#!/bin/sh\nprintf x >> \"${0%login}runs\"\n\(script)\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
            try bench.write("config", """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "\(server)", extensions: [
                  {name: client.authentication.k8s.io/exec, extension: {audience: cats}}]}}]
                users:
                - name: u
                  user:
                    exec:
                      {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [secret-argument],
                       interactiveMode: IfAvailable, env: [{name: PLUGIN, value: one}]\(exec)}
                """)
            let source = KubeconfigSource(
                list: directory.path + "/config", environment: ["PATH": "/usr/bin:/bin", "ITERAPP_X": "hush"])
            try await body(try Kubeconfig(source).connection(), bench)
        }
    }

    private static func credential(_ status: String) -> String {
        "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\(status)}}'"
    }

    private func plugin(_ connection: KubernetesConnection) throws -> ExecPlugin {
        guard case .exec(let plugin) = connection.credential else { throw TestFailure("\(connection)") }
        return plugin
    }

    func testProgramIsToldAndAsked() async throws {
        let script = """
            printf '%s|%s|%s|%s' "$KUBERNETES_EXEC_INFO" "$PLUGIN" "$1" "$ITERAPP_X" > "${0%login}seen"
            \(Self.credential(#""token":"t-1","expirationTimestamp":"2030-01-01T00:00:00.5+01:00""#))
            """
        try await withPlugin(script, exec: ", provideClusterInfo: true") { connection, bench in
            let credential = try await plugin(connection).run()
            XCTAssertEqual(credential.token, "t-1")
            XCTAssertEqual(credential.expires?.timeIntervalSince1970, 1893452400.5)
            XCTAssertFalse("\(credential)".contains("t-1"))
            let seen = try String(contentsOf: bench.directory.appending(path: "seen"), encoding: .utf8)
                .split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            let information = try JSON.parse(seen[0])
            XCTAssertEqual(information["kind"], "ExecCredential")
            XCTAssertEqual(information.at("spec", "interactive"), false)
            XCTAssertEqual(information.at("spec", "cluster", "server"), "https://kube")
            XCTAssertEqual(information.at("spec", "cluster", "config", "audience"), "cats")
            XCTAssertEqual(Array(seen[1...]), ["one", "secret-argument", ""])
        }
    }

    func testWhatIsNoCredentialIsRefusedWithoutRepeatingIt() async throws {
        let scripts = [
            "echo hush; echo hush >&2; exit 3": "exit code 3", "echo hush": "not JSON", "true": "not JSON",
            "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"v2\"}'": "no ExecCredential",
            Self.credential(""): "neither token nor certificate",
            Self.credential(#""token":"hush hush""#): "no token has",
            Self.credential(#""clientCertificateData":"hush""#): "only one of",
            Self.credential(#""token":"hush","expirationTimestamp":"soon""#): "RFC 3339",
            "head -c 2000000 /dev/zero": "too long",
        ]
        for (script, wanted) in scripts {
            try await withPlugin(script) { connection, _ in
                do throws(ExecFailure) {
                    let plugin = try? plugin(connection)
                    _ = try await plugin?.run()
                    XCTFail("\(script) was taken")
                } catch {
                    XCTAssertTrue(error.sentence.contains(wanted), error.sentence)
                    XCTAssertFalse(error.sentence.contains("hush"), error.sentence)
                    XCTAssertFalse(error.sentence.contains("secret-argument"), error.sentence)
                }
            }
        }
    }

    func testMissingProgramSaysHowToInstallIt() async throws {
        try await withPlugin("true", exec: ", installHint: 'Install it with apt.'") { connection, bench in
            try FileManager.default.removeItem(at: bench.directory.appending(path: "login"))
            do throws(ExecFailure) {
                _ = try await (try? plugin(connection))?.run()
                XCTFail("no error")
            } catch {
                XCTAssertTrue(error.sentence.hasSuffix("add it to PATH: Install it with apt"), error.sentence)
            }
        }
    }

    func testEntriesThatCannotWork() async throws {
        for (exec, wanted) in [
            (", interactiveMode: Always", "kubectl create token"), (", args: [1]", "list of texts"),
            (", env: [{name: X}]", "`name` and `value`"),
        ] {
            try await withTemporaryDirectory { directory in
                let path = directory.appending(path: "config")
                let text = """
                    current-context: c
                    contexts: [{name: c, context: {cluster: c, user: u}}]
                    clusters: [{name: c, cluster: {server: "https://kube"}}]
                    users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: x\(exec)}}}]
                    """
                try Data(text.utf8).write(to: path)
                XCTAssertThrowsError(try Kubeconfig(path: path.path).connection(), exec) {
                    let sentence = ($0 as? ConnectionError)?.sentence ?? ""
                    XCTAssertTrue(sentence.contains(wanted) && sentence.contains("user “u”"), sentence)
                }
            }
        }
    }

    // MARK: - With a server

    private func withServer(
        accepting token: String, script: String, timing: TestTiming,
        _ body: (KubernetesClient, Bench, StandInAPI) async throws -> Void
    ) async throws {
        let api = try StandInAPI { request in
            request.headers["Authorization"] == "Bearer \(token)"
                ? StandInAPI.json([:]) : StandInAPI.recorded("error-401.http")
        }
        try await withPlugin(script, server: api.url) { connection, bench in
            let client = KubernetesClient(connection, http: .init(), timing: timing.timing)
            try await body(client, bench, api)
        }
        await api.stop()
    }

    private func get(_ client: KubernetesClient) async throws(KubernetesError) {
        _ = try await client.get(.pods, namespace: "n", name: "p")
    }

    func testOneRunServesManyRequestsUntilItEnds() async throws {
        let timing = TestTiming()
        let end = timing.wall.addingTimeInterval(600).formatted(.iso8601)
        let script = Self.credential(#""token":"good","expirationTimestamp":"\#(end)""#)
        try await withServer(accepting: "good", script: script, timing: timing) { client, bench, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try await client.get(.pods, namespace: "n", name: "p") } }
                try await group.waitForAll()
            }
            XCTAssertEqual(bench.runs, 1)
            timing.advance(.seconds(500))
            try await get(client)
            XCTAssertEqual(bench.runs, 1)
            timing.advance(.seconds(80))
            try await get(client)
            XCTAssertEqual(bench.runs, 2, "renewed before it ended")
        }
    }

    /// A clock that goes an hour fast takes everything for expired; one that goes slow, nothing.
    func testClocksThatAreAnHourOff() async throws {
        for hours in [1.0, -1.0] {
            let timing = TestTiming()
            let end = timing.wall.addingTimeInterval(600).formatted(.iso8601)
            timing.setWall(timing.wall.addingTimeInterval(hours * 3600))
            let script = Self.credential(#""token":"good","expirationTimestamp":"\#(end)""#)
            try await withServer(accepting: "good", script: script, timing: timing) { client, bench, _ in
                for _ in 0..<20 { try await get(client) }
                XCTAssertEqual(bench.runs, 1, "\(hours)")
                timing.advance(.seconds(61))
                try await get(client)
                XCTAssertEqual(bench.runs, hours > 0 ? 2 : 1, "at most once a minute")
            }
        }
    }

    func testRefusedCredentialIsAskedForAnew() async throws {
        let timing = TestTiming()
        let script = "if [ -e \"${0%login}renewed\" ]; then T=good; else T=old; fi\n"
            + "echo \"{\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\",\\\"kind\\\":\\\"ExecCredential\\\","
            + "\\\"status\\\":{\\\"token\\\":\\\"$T\\\"}}\""
        try await withServer(accepting: "good", script: script, timing: timing) { client, bench, api in
            do throws(KubernetesError) {
                try await get(client)
                XCTFail("no error")
            } catch {
                XCTAssertTrue(error.sentence.contains("“login”") && error.sentence.contains("user “u”"), error.sentence)
            }
            XCTAssertEqual(bench.runs, 1, "a program that ran just now is not run again")
            try bench.write("renewed", "")
            timing.advance(.seconds(16))
            try await get(client)
            XCTAssertEqual(bench.runs, 2)
            XCTAssertEqual(api.requests.last?.headers["Authorization"], "Bearer good")
        }
    }

    func testFailingProgramIsNotRunByEveryRequest() async throws {
        let timing = TestTiming()
        try await withServer(accepting: "good", script: "exit 1", timing: timing) { client, bench, api in
            for _ in 0..<5 {
                do throws(KubernetesError) {
                    try await get(client)
                    XCTFail("no error")
                } catch {
                    XCTAssertTrue(error.sentence.contains("exit code 1"), error.sentence)
                    XCTAssertTrue(error.sentence.contains("/config (KUBECONFIG)"), error.sentence)
                }
            }
            XCTAssertEqual(bench.runs, 1)
            XCTAssertEqual(api.requests.count, 0)
        }
    }
}
