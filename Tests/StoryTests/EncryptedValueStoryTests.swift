import Foundation
import Subprocess
import TestSupport
import XCTest

/// From a secret on somebody's keyboard to the app that uses it, and nowhere else.
final class EncryptedValueStoryTests: XCTestCase {
    private let secret = "correct-horse/battery+staple"
    private let buildSecret = "the build's own \"secret\"/ø"

    private func encrypt(_ secret: String, _ scope: String, _ demo: DemoProcess, app: String = "cats") async throws -> String {
        let key = try await demo.get("/encrypt_secret/key")
        let file = demo.directory.appending(path: "public.pem")
        try Data(key.body).write(to: file)
        var run = ProgramRun(
            DemoProcess.binary.path, ["encrypt", "--app", app, "--scope", scope, "--key", file.path], timeLimit: .seconds(30))
        run.input = Array((secret + "\n").utf8)
        let result = try await run.run()
        XCTAssertEqual(result.exitCode, 0, String(decoding: result.errorOutput, as: UTF8.self))
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private func settings(_ values: String, build: String? = nil) -> String {
        "port = 3000\nreadiness_path = \"/health\"\n[env.common]\n\(values)\n"
            + (build.map { "[build_secrets]\ntoken = { encrypted = \"\($0)\" }\n" } ?? "")
    }

    func testAnEncryptedValueReachesTheAppAndNothingElse() async throws {
        try await withDemo { demo in
            _ = try await demo.outcome(of: "register cats")
            // What is also an ordinary word.
            let mode = try await encrypt("production", "common", demo)
            let (value, build) = (
                try await encrypt(secret, "common", demo), try await encrypt(buildSecret, "build", demo)
            )
            // The page has no letter of the value, and a proof that it is the right one.
            let start = """
                #!/bin/busybox sh
                printf %s "$API_KEY" | /bin/busybox sha256sum > /site/proof
                /bin/busybox cp /build-proof /site/build-proof
                trap '/bin/busybox kill "$server"' TERM INT
                /bin/busybox httpd -f -p "$PORT" -h /site &
                server=$!
                wait "$server"

                """
            // With a name of its own, or the engine takes what an earlier run made of another secret.
            let dockerfile = """
                FROM scratch
                COPY busybox /bin/busybox
                RUN --mount=type=secret,id=token ["/bin/busybox", "sh", "-c", ": \(UUID()); /bin/busybox sha256sum < /run/secrets/token > /build-proof; /bin/busybox cat /run/secrets/token"]
                COPY start.sh /start.sh
                COPY site /site
                ENTRYPOINT ["/bin/busybox", "sh", "/start.sh"]

                """
            try await demo.cats.commit([
                "iterapp.toml": settings("API_KEY = { encrypted = \"\(value)\" }\nMODE = { encrypted = \"\(mode)\" }", build: build), "start.sh": start,
                "Dockerfile": dockerfile,
            ], "Use a secret")
            try await demo.waitUntilQuiet("after the push")
            let live = try await demo.messages()
            XCTAssertTrue(live.contains { $0.text.contains("cats is live on test") }, "\(live.map(\.words))")
            let proofs = (await demo.page("cats.test.localhost", "/proof"), await demo.page("cats.test.localhost", "/build-proof"))
            let digests = (try await Self.digest(secret), try await Self.digest(buildSecret))
            XCTAssertEqual(proofs.0.map { String($0.prefix(64)) }, digests.0)
            XCTAssertEqual(proofs.1.map { String($0.prefix(64)) }, digests.1)

            // An app that prints it, and does not start.
            let leak = """
                #!/bin/busybox sh
                echo "the key is $API_KEY in $MODE"; echo "$API_KEY" >&2
                for before in "" u us; do printf %s "$before$API_KEY:more" | /bin/busybox base64; done
                printf %s "$API_KEY" | /bin/busybox od -An -v -tx1 | /bin/busybox tr -d ' \\n'
                exit 3

                """
            try await demo.cats.commit(["start.sh": leak], "Print it for production")
            try await demo.waitUntilQuiet("after the crash")
            let failed = try await demo.messages()
            XCTAssertTrue(failed.contains { $0.words.contains("the key is ••• in •••") }, "\(failed.map(\.words))")
            XCTAssertTrue(failed.contains { $0.words.contains("Print it for production") }, "\(failed.map(\.words))")
            let unknown = try await demo.command("production").text
            XCTAssertTrue(unknown.contains("I don't know the command `production`"), unknown)
            try await assertNothingTells([secret, buildSecret], demo)

            // The mask is in no file: after a restart, what runs is opened for it again.
            await demo.stop()
            try await demo.start()
            let deadline = ContinuousClock.now + .seconds(20)
            var answer = try await demo.command(secret).text
            while answer.contains(secret), ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(50))
                answer = try await demo.command(secret).text
            }
            XCTAssertTrue(answer.contains("I don't know the command `•••`"), answer)
        }
    }

    private static func digest(_ text: String) async throws -> String {
        var run = ProgramRun("sha256sum", [], timeLimit: .seconds(10))
        run.input = Array(text.utf8)
        return String(decoding: try await run.run().output.prefix(64), as: UTF8.self)
    }

    private func assertNothingTells(_ secrets: [String], _ demo: DemoProcess) async throws {
        var everything: [String: Data] = [
            "the channel": Data(try await demo.get("/demo/messages?channel=all").body), "the service's log": Data(demo.log.utf8),
        ]
        let state = demo.directory.appending(path: "state")
        for path in try FileManager.default.subpathsOfDirectory(atPath: state.path) {
            let file = state.appending(path: path)
            guard let bytes = FileManager.default.contents(atPath: file.path) else { continue }
            everything[path] = bytes
            guard path.hasSuffix(".gz") else { continue }
            everything["\(path), unpacked"] = Data(
                try await ProgramRun("gzip", ["-d", "-c", "--", file.path], timeLimit: .seconds(10)).run().output)
        }
        XCTAssertTrue(everything.keys.contains { $0.contains("logs/") }, "\(everything.keys)")
        for secret in secrets {
            for form in try Self.forms(of: secret) {
                for (place, bytes) in everything {
                    XCTAssertNil(bytes.range(of: Data(form.utf8)), "\(place) tells \(secret) as \(form)")
                }
            }
        }
    }

    /// However it may be encoded, whatever stands before and behind it.
    private static func forms(of secret: String) throws -> [String] {
        let json = String(decoding: try JSONSerialization.data(withJSONObject: [secret]), as: UTF8.self)
        let plainJSON = String(decoding: try JSONEncoder().encode([secret]), as: UTF8.self)
        var forms = [secret, String(json.dropFirst(2).dropLast(2)), String(plainJSON.dropFirst(2).dropLast(2))]
        for allowed in [CharacterSet.alphanumerics, .urlQueryAllowed, .urlPathAllowed, .urlHostAllowed] {
            forms.append(try XCTUnwrap(secret.addingPercentEncoding(withAllowedCharacters: allowed)))
        }
        forms.append(secret.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;"))
        let hexadecimal = secret.utf8.map { String(format: "%02x", $0) }
        forms += [hexadecimal.joined(), hexadecimal.joined().uppercased(), hexadecimal.joined(separator: " ")]
        for shift in 0..<3 {
            let text = Data([UInt8](repeating: 0, count: shift) + Array(secret.utf8)).base64EncodedString()
            // Neither what comes before nor what comes behind has a part in these.
            let (first, last) = ((shift * 8 + 5) / 6, (shift + secret.utf8.count) * 8 / 6)
            let own = String(text.prefix(last).dropFirst(first))
            forms += [own, own.replacing("+", with: "-").replacing("/", with: "_")]
        }
        return Array(Set(forms))
    }

    func testValuesThatAreMadeForSomethingElseAreRefusedByName() async throws {
        try await withDemo { demo in
            _ = try await demo.outcome(of: "register cats")
            let whole = try await encrypt(secret, "common", demo)
            let others = try await encrypt(secret, "common", demo, app: "dogs")
            let prods = try await encrypt(secret, "prod", demo)
            try await demo.cats.git("checkout", "-q", "-b", "wrong")
            try await demo.cats.commit(["iterapp.toml": settings("""
                GOOD = { encrypted = "\(whole)" }
                CUT = { encrypted = "\(whole.dropLast(7))" }
                DOGS = { encrypted = "\(others)" }
                PROD = { encrypted = "\(prods)" }
                BROKEN = { encrypted = "\(whole.prefix(80))\\n\(whole.dropFirst(80))" }
                """)], "Paste badly")
            try await demo.waitUntilQuiet("after the push")
            let failed = try await demo.outcome(of: "deploy cats test wrong")
            let words = failed.live.words + failed.thread
            for (line, sentence) in [
                (5, "`env.common.CUT` is damaged"), (6, "`env.common.DOGS` was encrypted for the app `iterate/dogs`"),
                (7, "`env.common.PROD` was encrypted for the scope `prod`"), (8, "`env.common.BROKEN` is damaged"),
            ] { XCTAssertTrue(words.contains(sentence) && words.contains("iterapp.toml:\(line):"), "\(sentence): \(words)") }
            XCTAssertFalse(words.contains("GOOD"), words)

            // Another installation's: its key is not here.
            try await withTemporaryDirectory { elsewhere in
                let keys = elsewhere.appending(path: "keys.pem").path
                for arguments in [["keys", "rotate"], ["keys", "public"]] {
                    var run = ProgramRun(DemoProcess.binary.path, arguments, timeLimit: .seconds(30))
                    run.environment = ["ITERAPP_KEYS": keys]
                    let output = try await run.run().output
                    try Data(output).write(to: elsewhere.appending(path: "public.pem"))
                }
                var run = ProgramRun(DemoProcess.binary.path, [
                    "encrypt", "--app", "cats", "--scope", "common", "--key", elsewhere.appending(path: "public.pem").path,
                ], timeLimit: .seconds(30))
                run.input = Array(secret.utf8)
                let foreign = String(decoding: try await run.run().output, as: UTF8.self).trimmingCharacters(in: .newlines)
                try await demo.cats.commit(
                    ["iterapp.toml": settings("THEIRS = { encrypted = \"\(foreign)\" }")], "Take it from elsewhere")
            }
            try await demo.waitUntilQuiet("after the second push")
            let unknown = try await demo.outcome(of: "deploy cats test wrong")
            XCTAssertTrue(unknown.live.words.contains("`THEIRS` (line 4 of iterapp.toml) can't be opened"), unknown.live.words)
            XCTAssertTrue(unknown.live.words.contains("which this Iterapp does not have"), unknown.live.words)
        }
    }
}
