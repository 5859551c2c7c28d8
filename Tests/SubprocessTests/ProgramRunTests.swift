import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Subprocess

final class ProgramRunTests: XCTestCase {
    private func shell(_ script: String, _ arguments: String...) -> ProgramRun {
        ProgramRun("/bin/sh", ["-c", script, "sh"] + arguments, timeLimit: .seconds(20))
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func caught(_ run: ProgramRun) async -> ProgramError? {
        do throws(ProgramError) {
            _ = try await run.run()
            return nil
        } catch {
            return error
        }
    }

    func testGivesOutputsAndExitCode() async throws {
        let result = try await shell("echo out; echo err >&2; exit 7").run()
        XCTAssertEqual(text(result.output), "out\n")
        XCTAssertEqual(text(result.errorOutput), "err\n")
        XCTAssertEqual(result.exitCode, 7)
    }

    func testEndBySignal() async throws {
        let result = try await shell("kill -SEGV $$").run()
        XCTAssertEqual(result.exitCode, 128 + SIGSEGV)
    }

    func testArgumentsReachTheProgramAsTheyAre() async throws {
        let hostile = ["", "a b", "$(id)", "'\"\\", "; rm -rf x", "\n", "--upload-pack=x", "ø🚀"]
        let result = try await ProgramRun("printf", ["%s|"] + hostile, timeLimit: .seconds(20)).run()
        XCTAssertEqual(text(result.output), hostile.map { $0 + "|" }.joined())
    }

    func testEnvironmentAndDirectory() async throws {
        try await withTemporaryDirectory { directory in
            setenv("ITERAPP_TEST_INHERITED", "kept", 1)
            setenv("ITERAPP_TEST_REMOVED", "x", 1)
            defer {
                unsetenv("ITERAPP_TEST_INHERITED")
                unsetenv("ITERAPP_TEST_REMOVED")
            }
            var run = shell(#"echo "$ITERAPP_TEST_INHERITED,${ITERAPP_TEST_REMOVED-gone},$ADDED"; pwd -P"#)
            run.environment = ["ADDED": "a=b", "ITERAPP_TEST_REMOVED": nil]
            run.directory = directory.path
            let result = try await run.run()
            let path = directory.resolvingSymlinksInPath().path
            XCTAssertEqual(text(result.output), "kept,gone,a=b\n\(path)\n")
        }
    }

    func testEnvironmentThatIsNotInherited() async throws {
        var run = ProgramRun("env", [], timeLimit: .seconds(20))
        run.inheritsEnvironment = false
        run.environment = ["ONLY": "this"]
        let result = try await run.run()
        XCTAssertEqual(text(result.output), "ONLY=this\n")
    }

    func testLooksProgramsUpOnThePathOfTheRun() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "greet")
            try "#!/bin/sh\necho hello\n".write(to: file, atomically: true, encoding: .utf8)
            var run = ProgramRun("greet", [], timeLimit: .seconds(20))
            run.environment = ["PATH": "/no/such:\(directory.path)"]
            var error = await caught(run)
            XCTAssertEqual(error, .notFound("greet"), "a file without the x bit is no program")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
            let result = try await run.run()
            XCTAssertEqual(text(result.output), "hello\n")
            error = await caught(ProgramRun(directory.path, [], timeLimit: .seconds(20)))
            XCTAssertEqual(error, .cannotStart(directory.path, reason: "Permission denied"))
        }
    }

    func testProgramsThatCannotStart() async throws {
        try await withTemporaryDirectory { directory in
            func check(_ run: ProgramRun, _ expected: ProgramError) async {
                let error = await caught(run)
                XCTAssertEqual(error, expected)
            }
            let limit = Duration.seconds(20)
            for name in ["no-such-program", "/no/such/program"] {
                await check(ProgramRun(name, ["secret"], timeLimit: limit), .notFound(name))
            }
            await check(ProgramRun("", [], timeLimit: limit), .notFound(""))
            await check(
                ProgramRun("echo", ["a\0b"], timeLimit: limit),
                .cannotStart("echo", reason: "an argument or a variable contains a NUL byte"))
            var run = shell("true")
            run.directory = "/no/such/directory"
            await check(
                run, .cannotStart("/bin/sh", reason: "there is no directory /no/such/directory to run it in"))
            let script = directory.appending(path: "script").path
            try "#!/no/such/interpreter\n".write(toFile: script, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script)
            await check(
                ProgramRun(script, [], timeLimit: limit),
                .cannotStart(script, reason: "the interpreter that its first line names is missing"))
            let huge = String(repeating: "x", count: 1 << 20)
            await check(
                ProgramRun("echo", [huge], timeLimit: limit),
                .cannotStart("echo", reason: "Argument list too long"))
        }
    }

    func testBigInputAndBigOutputAtOnce() async throws {
        var run = ProgramRun("cat", [], timeLimit: .seconds(20))
        run.input = Array((0..<(128 << 10)).map { "line \($0)\n" }.joined().utf8)
        let result = try await run.run()
        XCTAssertEqual(result.output, run.input)
    }

    func testInputThatNobodyReads() async throws {
        var run = shell("exec <&-; echo fine")
        run.input = Array(repeating: 65, count: 8 << 20)
        let result = try await run.run()
        XCTAssertEqual(text(result.output), "fine\n")
        XCTAssertEqual(result.exitCode, 0)
    }

    func testWithoutInputTheProgramReadsAnEmptyOne() async throws {
        let result = try await ProgramRun("cat", [], timeLimit: .seconds(20)).run()
        XCTAssertEqual(result.exitCode, 0)
        XCTAssertEqual(result.output, [])
    }

    func testOutputBeyondTheLimitIsDroppedButReachesTheLines() async throws {
        var run = shell("i=0; while [ $i -lt 1000 ]; do echo 0123456789; i=$((i+1)); done; echo last")
        run.maxOutputBytes = 100
        let lines = Mutex<[String]>([])
        let result = try await run.run { _, line in lines.withLock { $0.append(line) } }
        XCTAssertEqual(result.output.count, 100)
        XCTAssertEqual(lines.withLock { $0.count }, 1001)
        XCTAssertEqual(lines.withLock { $0.last }, "last")
    }

    func testLinesComeWhileTheProgramRuns() async throws {
        try await withTemporaryDirectory { directory in
            let fifo = directory.appending(path: "fifo").path
            XCTAssertEqual(mkfifo(fifo, 0o600), 0)
            let lines = Mutex<[String]>([])
            // The program goes on only after its first line has reached us.
            _ = try await shell(#"echo one; read word < "$1"; echo "$word" >&2; printf three"#, fifo).run {
                stream, line in
                lines.withLock { $0.append("\(stream) \(line)") }
                if line == "one" { try? "two\n".write(toFile: fifo, atomically: false, encoding: .utf8) }
            }
            // What comes last on each of the two is read in no particular order.
            XCTAssertEqual(lines.withLock { $0.first }, "standard one")
            XCTAssertEqual(lines.withLock { $0.sorted() }, ["error two", "standard one", "standard three"])
        }
    }

    func testChildInheritsNothingButItsStandardDescriptors() async throws {
        let leaky = open("/dev/null", O_RDONLY)
        defer { close(leaky) }
        XCTAssertEqual(fcntl(leaky, F_GETFD) & FD_CLOEXEC, 0)
        let result = try await shell("ls /proc/self/fd | tr '\\n' ' '; ls /proc/$$/fd | tr '\\n' ' '").run()
        // `ls` itself has the directory open as 3.
        XCTAssertEqual(text(result.output), "0 1 2 3 0 1 2 ")
    }

    func testChildGetsDefaultSignalsAndItsOwnGroup() async throws {
        let before = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, before) }
        var run = ProgramRun("grep", ["-E", "^Sig(Blk|Ign):", "/proc/self/status"], timeLimit: .seconds(20))
        var result = try await run.run()
        // Signals 32 and 33 are the C library's own; it hides them from programs by ignoring them.
        XCTAssertEqual(
            text(result.output).replacing("180000000", with: "000000000"),
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
        run = shell("read pid name state parent group rest < /proc/$$/stat; [ $group = $$ ]")
        result = try await run.run()
        XCTAssertEqual(result.exitCode, 0)
    }

    func testNoDescriptorLeaks() async throws {
        func open() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
        _ = try await shell("true").run()
        let before = try open()
        for _ in 0..<20 {
            _ = try await shell("cat; echo x >&2").run()
            _ = await caught(ProgramRun("/no/such/program", [], timeLimit: .seconds(20)))
        }
        // Other tests' helpers may come and go; a leak here would show at least 20.
        XCTAssertLessThan(try open(), before + 10)
    }

    func testManyAtOnce() async throws {
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for number in 0..<40 {
                let run = shell("sleep 0.1; exit \(number)")
                group.addTask { try await run.run().exitCode }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        XCTAssertEqual(codes.sorted(), Array(0..<40))
    }
}
