import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

/// `iterapp check`
final class CheckTests: XCTestCase {
    private let broken = [
        "iterapp.toml": "applings = [\"web\", \"api\"]\nprot = 80\n", "web/iterapp.toml": "replicas = 0\n",
        "api/iterapp.toml": "port = 8080\n",
    ]
    private let lines = [
        "iterapp.toml:2:1: error: unknown key `prot`; did you mean `port`?",
        "web/iterapp.toml:1:12: error: `replicas` must be a whole number from 1 to 100, not the number 0",
    ]

    func testNothingIsWrong() async throws {
        let good = ["iterapp.toml": "applings = [\"web\"]\n", "web/iterapp.toml": "port = 80\n"]
        try await Program.with(good) { directory in
            let end = try await Program.run("check", directory.path)
            XCTAssertEqual(end.exitCode, 0)
            XCTAssertEqual(end.output, "No problems in 2 files.\n")
            XCTAssertEqual(end.errors, "")
        }
        try await Program.with([:]) { directory in
            let end = try await Program.run("check", directory: directory)
            XCTAssertEqual(end.exitCode, 0)
            XCTAssertEqual(end.output, "There is no iterapp.toml here: every setting has its default.\n")
        }
    }

    func testAllProblemsOfAllFilesAreListed() async throws {
        try await Program.with(broken) { directory in
            let end = try await Program.run("check", directory: directory)
            XCTAssertEqual(end.exitCode, 1)
            XCTAssertEqual(end.output, (lines + ["2 errors in 3 files.", ""]).joined(separator: "\n"))
            XCTAssertEqual(end.errors, "")
        }
    }

    func testAPolicyFileIsLookedAtAsTheServiceWould() async throws {
        let files = [
            "good.toml": "[environments.prod]\ndeploy = [\"team\"]\n",
            "bad.toml": "[environments.prod]\ndeploy = [\"@kari\"]\nchanels = []\n",
        ]
        try await Program.with(files) { directory in
            let good = try await Program.run("check", "--policy", "good.toml", directory: directory)
            XCTAssertEqual(good.output, "No problems.\n")
            XCTAssertEqual(good.exitCode, 0)
            let bad = try await Program.run("check", "--policy", "bad.toml", directory: directory)
            XCTAssertEqual(bad.exitCode, 1)
            XCTAssertTrue(bad.output.hasPrefix("bad.toml:2:11: error: `@kari` is no id. "), bad.output)
            XCTAssertTrue(
                bad.output.hasSuffix(
                    "bad.toml:3:1: error: unknown key `chanels`; did you mean `channels`?\n2 errors.\n"), bad.output)
            let none = try await Program.run("check", "--policy", "none.toml", directory: directory)
            XCTAssertEqual(
                none.output, "none.toml:1:1: error: the file cannot be read: No such file or directory\n1 error.\n")
            let wrong = try await Program.run("check", ".", "--policy", "good.toml", directory: directory)
            XCTAssertEqual(wrong.exitCode, 2)
        }
    }

    func testProgramsGetJSON() async throws {
        try await Program.with(broken) { directory in
            let end = try await Program.run("check", directory.path, "--format", "json")
            XCTAssertEqual(end.exitCode, 1)
            XCTAssertEqual(end.errors, "2 errors in 3 files.\n")
            let problems = try XCTUnwrap(JSON.parse(end.output).array)
            let told = problems.map { problem in
                let place = "\(problem["path"]?.string ?? ""):\(problem["line"]?.int ?? 0):\(problem["column"]?.int ?? 0)"
                return "\(place): \(problem["severity"]?.string ?? ""): \(problem["message"]?.string ?? "")"
            }
            XCTAssertEqual(told, lines)
            XCTAssertEqual(problems.map { $0.object?.count }, [5, 5])
        }
        try await Program.with([:]) { directory in
            let end = try await Program.run("check", directory.path, "--format=json")
            XCTAssertEqual(end.exitCode, 0)
            XCTAssertEqual(end.output, "[]\n")
        }
    }

    func testWarningsAreNoErrors() async throws {
        try await Program.with(["iterapp.toml": "[cronjobs.tidy]\nschedule = \"0 4 * * *\"\npath = \"/tidy\"\n"]) {
            let end = try await Program.run("check", $0.path)
            XCTAssertEqual(end.exitCode, 0, end.output)
            XCTAssertTrue(end.output.contains(": warning: "), end.output)
            XCTAssertTrue(end.output.hasSuffix("\n1 warning in 1 file.\n"), end.output)
        }
    }

    func testAFolderThatIsNone() async throws {
        try await Program.with(["file": "", "loop/x": ""]) { directory in
            let cases = [
                ("nowhere", "There is no folder nowhere."),
                ("file", "file is no folder; name the repository's root, or leave it out."),
            ]
            for (name, sentence) in cases {
                let end = try await Program.run("check", name, directory: directory)
                XCTAssertEqual(end.exitCode, 1)
                XCTAssertEqual(end.output, "")
                XCTAssertEqual(end.errors, "iterapp: \(sentence)\n")
            }
        }
    }

    func testTheSchemaForEditors() async throws {
        let end = try await Program.run("check", "--schema")
        XCTAssertEqual(end.exitCode, 0)
        let schema = try JSON.parse(end.output)
        XCTAssertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
        XCTAssertNotNil(schema.at("properties", "default_environment", "description"))
        let again = try await Program.run("check", "--schema")
        XCTAssertEqual(again.output, end.output)
    }

    func testWrongUsage() async throws {
        let cases: [([String], String)] = [
            (["a", "b"], "check takes no b."), (["--format", "xml"], "--format must be text or json, not xml."),
            (["--formt", "json"], "check has no option --formt."), (["--app"], "--app needs a value."),
            (["--app=a", "--app=b"], "--app is given twice."), (["--schema", "."], "--schema stands alone."),
        ]
        for (arguments, sentence) in cases {
            var run = ProgramRun(DemoProcess.binary.path, ["check"] + arguments, timeLimit: .seconds(30))
            run.environment = [:]
            let result = try await run.run()
            XCTAssertEqual(result.exitCode, 2)
            let errors = String(decoding: result.errorOutput, as: UTF8.self)
            XCTAssertTrue(errors.hasPrefix("iterapp: \(sentence)\n\nusage: iterapp check"), errors)
        }
    }

    func testADiskThatIsFullIsNoSuccess() async throws {
        try await Program.with([:]) { directory in
            var run = ProgramRun(
                "sh", ["-c", "exec \"$0\" check > /dev/full", DemoProcess.binary.path], timeLimit: .seconds(30))
            run.directory = directory.path
            let result = try await run.run()
            XCTAssertEqual(result.exitCode, 1)
            XCTAssertEqual(
                String(decoding: result.errorOutput, as: UTF8.self),
                "iterapp: The output could not be written: No space left on device.\n")
        }
    }

    /// script(1) gives the program a terminal.
    func testATerminalGetsColoursAndTheLine() async throws {
        try await Program.with(["iterapp.toml": "prot = 80\n"]) { directory in
            func say(_ settings: String) async throws -> String {
                var run = ProgramRun(
                    "script", ["-qec", "\(settings) '\(DemoProcess.binary.path)' check", "/dev/null"],
                    timeLimit: .seconds(30))
                run.directory = directory.path
                run.environment = ["TERM": "xterm", "NO_COLOR": nil]
                return String(decoding: try await run.run().output, as: UTF8.self).replacing("\r\n", with: "\n")
            }
            let plain = "iterapp.toml:1:1: error: unknown key `prot`; did you mean `port`?\n 1 | prot = 80\n   | ^\n"
                + "1 error in 1 file.\n"
            let coloured = try await say("")
            XCTAssertTrue(coloured.hasPrefix("\u{1B}[1miterapp.toml:1:1: \u{1B}[31merror:\u{1B}[0m unknown"), coloured)
            XCTAssertEqual(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: ""), plain)
            let withoutColour = try await say("NO_COLOR=1")
            XCTAssertEqual(withoutColour, plain)
            let dumb = try await say("TERM=dumb")
            XCTAssertEqual(dumb, plain)
        }
    }
}
