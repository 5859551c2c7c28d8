import Foundation
import Subprocess
import TestSupport
import XCTest

/// `iterapp encrypt` and `iterapp keys`
final class EncryptTests: XCTestCase {
    private func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        var run = ProgramRun(DemoProcess.binary.path, arguments, timeLimit: .seconds(30))
        run.inheritsEnvironment = false
        run.environment = environment.mapValues { $0 }
        run.input = Array(input.utf8)
        let result = try await run.run()
        return (
            result.exitCode, String(decoding: result.output, as: UTF8.self),
            String(decoding: result.errorOutput, as: UTF8.self)
        )
    }

    func testKeysAreMadeAndASecretIsEncryptedForThem() async throws {
        try await withTemporaryDirectory { directory in
            let keys = ["ITERAPP_KEYS": directory.appending(path: "keys.pem").path]
            let none = try await run("keys", "list", environment: keys)
            XCTAssertEqual(none.exitCode, 1)
            XCTAssertTrue(none.errors.contains("is not there; `iterapp keys rotate` makes the first key"), none.errors)
            for _ in 0..<2 {
                let rotated = try await run("keys", "rotate", environment: keys)
                XCTAssertEqual(rotated.exitCode, 0, rotated.errors)
            }
            let list = try await run("keys", "list", environment: keys)
            XCTAssertEqual(list.output.split(separator: "\n").count, 2)
            let made = try await run("keys", "public", environment: keys)
            XCTAssertTrue(made.output.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
            let publicKey = directory.appending(path: "public.pem")
            try Data(made.output.utf8).write(to: publicKey)

            let encrypted = try await run(
                "encrypt", "--app", "cats", "--scope", "prod", "--key", publicKey.path, input: "hush-hush\n")
            XCTAssertEqual(encrypted.exitCode, 0, encrypted.errors)
            XCTAssertNotNil(encrypted.output.wholeMatch(of: #/[A-Za-z0-9_-]{100,}\n/#), encrypted.output)
            // It passes the check where it belongs, and nowhere else.
            let file = directory.appending(path: "iterapp.toml")
            let line = "API_KEY = { encrypted = \"\(encrypted.output.dropLast())\" }\n"
            for (table, exitCode) in [("env.prod", Int32(0)), ("env.common", 1)] {
                try Data("[\(table)]\n\(line)".utf8).write(to: file)
                let checked = try await run("check", directory.path, "--app", "cats")
                XCTAssertEqual(checked.exitCode, exitCode, checked.output)
            }
        }
    }

    func testWrongUse() async throws {
        try await withTemporaryDirectory { directory in
            let keys = ["ITERAPP_KEYS": directory.appending(path: "keys.pem").path]
            for words in [["keys"], ["keys", "delete"], ["encrypt"], ["encrypt", "--app", "cats", "--scope", "prod"]] {
                var run = ProgramRun(DemoProcess.binary.path, words, timeLimit: .seconds(30))
                run.inheritsEnvironment = false
                run.environment = keys.mapValues { $0 }
                let result = try await run.run()
                XCTAssertEqual(result.exitCode, 2, "\(words)")
            }
            let unset = try await run("keys", "rotate")
            XCTAssertEqual(unset.exitCode, 1)
            XCTAssertTrue(unset.errors.contains("ITERAPP_KEYS is not set"), unset.errors)
            _ = try await run("keys", "rotate", environment: keys)
            let publicKey = directory.appending(path: "public.pem")
            let made = try await run("keys", "public", environment: keys)
            try Data(made.output.utf8).write(to: publicKey)
            let setting = ["ITERAPP_PUBLIC_KEY_FILE": publicKey.path]
            let empty = try await run("encrypt", "--app", "cats", "--scope", "prod", environment: setting)
            XCTAssertEqual(empty.exitCode, 1)
            XCTAssertEqual(empty.errors, "iterapp: There is nothing to encrypt.\n")
            XCTAssertEqual(empty.output, "")
        }
    }

    /// On a terminal, which is made by `script` (util-linux), the secret is asked for and not shown.
    func testATerminalDoesNotShowIt() async throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else {
            throw XCTSkip("needs the program script of util-linux")
        }
        try await withTemporaryDirectory { directory in
            let keys = ["ITERAPP_KEYS": directory.appending(path: "keys.pem").path]
            _ = try await run("keys", "rotate", environment: keys)
            let publicKey = directory.appending(path: "public.pem")
            let made = try await run("keys", "public", environment: keys)
            try Data(made.output.utf8).write(to: publicKey)
            let command = "\(DemoProcess.binary.path) encrypt --app cats --scope prod --key \(publicKey.path)"
            func type(_ text: String) async throws -> (exitCode: Int32, shown: String) {
                // It is typed when it is asked for: a terminal throws away what came before it was silent.
                let typing = """
                    rm -f in; mkfifo in; : > out; /usr/bin/script -q -e -c '\(command)' /dev/null < in > out & exec 3> in
                    i=0; until grep -q 'The secret: ' out || [ $i -gt 200 ]; do i=$((i+1)); sleep 0.05; done
                    printf '\(text)' >&3; wait $!; code=$?; exec 3>&-; cat out; exit $code
                    """
                var shell = ProgramRun("/bin/sh", ["-c", typing], timeLimit: .seconds(30))
                shell.directory = directory.path
                let result = try await shell.run()
                return (result.exitCode, String(decoding: result.output, as: UTF8.self))
            }
            let typed = try await type("hush-hush-secret\\n")
            XCTAssertEqual(typed.exitCode, 0, typed.shown)
            XCTAssertTrue(typed.shown.hasPrefix("The secret: \r\n"), typed.shown)
            XCTAssertFalse(typed.shown.contains("hush"), typed.shown)
            XCTAssertNotNil(typed.shown.firstMatch(of: #/\r\n[A-Za-z0-9_-]{100,}\r\n/#), typed.shown)
            // Half of a secret must not be taken for all of it.
            let pasted = try await type("hush-hush-secret\\nand its second line\\n")
            XCTAssertEqual(pasted.exitCode, 1, pasted.shown)
            XCTAssertTrue(pasted.shown.contains("so nothing was encrypted"), pasted.shown)
            XCTAssertFalse(pasted.shown.contains("hush") || pasted.shown.contains("second"), pasted.shown)
        }
    }
}
