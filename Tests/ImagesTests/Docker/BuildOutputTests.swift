import XCTest

@testable import Images

final class BuildOutputTests: XCTestCase {
    func testStepsSideBySideAndRedrawnLines() {
        var output = BuildOutput()
        let lines = [
            "#5 [a 1/2] RUN one", "#5 sha256:0123", "#5 0.100 one begins", "", "#6 [b 1/2] RUN two",
            "#6 0.200 two begins", "100%", "", "#5 [a 1/2] RUN one", "#5 0.300 one goes on", "#5 DONE 0.4s",
            "",
            "#6 ERROR: executor failed running [/bin/sh -c two]: exit code: 9",
        ]
        let shown = lines.compactMap { output.take($0) }
        XCTAssertEqual(
            shown,
            [
                "#5 [a 1/2] RUN one", "#5 0.100 one begins", "", "#6 [b 1/2] RUN two", "#6 0.200 two begins",
                "100%", "", "#5 0.300 one goes on", "#5 DONE 0.4s", "",
                "#6 ERROR: executor failed running [/bin/sh -c two]: exit code: 9",
            ])
        XCTAssertEqual(output.record.failedStep?.name, "[b 1/2] RUN two")
        XCTAssertEqual(output.record.failedStep?.tail, ["two begins", "100%"])
        XCTAssertEqual(output.record.tail, ["one begins", "two begins", "100%", "one goes on"])
    }

    func testStepThatIsBrokenOffIsNotTheCause() {
        var output = BuildOutput()
        for line in [
            "#5 [a 1/1] RUN one", "#6 [b 1/1] RUN two", "#5 CANCELED", "#7 [c 1/1] RUN three",
            "#7 ERROR: context canceled", "#6 ERROR: executor failed running [x]: exit code: 1",
        ] { _ = output.take(line) }
        XCTAssertEqual(output.record.failedStep?.name, "[b 1/1] RUN two")
    }

    func testInstructionsBehindIt() {
        var output = BuildOutput()
        let counts = [
            "#1 [internal] load build definition from Dockerfile", "#1 DONE 0.0s", "#5 [builder 1/3] FROM docker.io/a",
            "#5 CACHED", "#6 [linux/amd64 builder 2/3] RUN make", "#7 [stage-1 1/2] FROM docker.io/b",
            "#6 0.1 DONE 1", "#6 DONE 3.1s", "#6 DONE 3.1s", "#7 ERROR: no",
        ].map { line -> [Int]? in
            _ = output.take(line)
            return output.progress.count.map { [$0.done, $0.total] }
        }
        XCTAssertEqual(
            counts,
            [nil, nil, [0, 3], [1, 3], [1, 3], [1, 5], [1, 5], [2, 5], [2, 5], [2, 5]])
    }

    func testMemoryIsBounded() {
        var output = BuildOutput()
        for number in 0..<(BuildRecord.maxSteps + 100) { _ = output.take("#\(number) [1/1] RUN x") }
        for number in 0..<10_000 {
            _ = output.take("#1 \(number).0 line \(number)")
            _ = output.take("loose \(number)")
        }
        _ = output.take("#1 ERROR: no")
        XCTAssertEqual(output.record.failedStep?.tail.count, BuildRecord.maxTailLines)
        XCTAssertEqual(output.record.tail.count, BuildRecord.maxTailLines)
        XCTAssertEqual(output.record.tail.last, "loose 9999")
    }

    func testHostileLines() {
        var output = BuildOutput()
        for line in [
            "#", "# ", "#x y", "#99999999999999999999 x", "#-1 x", "#1", "\u{1B}", "\u{1B}[", "\u{1B}]0",
            "------",
        ] {
            _ = output.take(line)
        }
        XCTAssertNil(output.record.failedStep)
    }

    func testTerminalText() {
        for (raw, clean) in [
            ("\u{1B}[1;31merror\u{1B}[0m: bad", "error: bad"), ("\u{1B}]0;title\u{7}text", "text"),
            ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"), ("10%\r50%\r100%", "100%"),
            ("done\r", "done"),
            ("a\tb\u{8}\u{0}c", "a\tbc"), ("\u{1B}(Bx\u{1B}=y", "xy"), ("blå 猫", "blå 猫"),
            ("\u{9B}31mx", "31mx"),
        ] { XCTAssertEqual(TerminalText.clean(raw), clean) }
        let long = TerminalText.clean(String(repeating: "x", count: 100_000))
        XCTAssertEqual(long.count, TerminalText.maxLineCharacters)
        XCTAssertTrue(long.hasSuffix("…"))
    }

    func testStepNames() {
        XCTAssertEqual(StepName("[3/5] RUN make").sentenceStart, "Step 3/5 `RUN make`")
        XCTAssertEqual(StepName("[build 3/5] RUN a  b").sentenceStart, "Step 3/5 of stage `build` `RUN a b`")
        XCTAssertEqual(StepName("[linux/amd64 build 3/5] RUN x").stage, "build")
        XCTAssertEqual(StepName("[linux/amd64 3/5] RUN x").stage, nil)
        XCTAssertEqual(StepName("[internal] load build context").sentenceStart, "Step `load build context`")
        XCTAssertEqual(StepName("[internal] load metadata for docker.io/library/a:1").image, "a:1")
        XCTAssertEqual(StepName("[internal] load metadata for docker.io/a/b:1").image, "a/b:1")
        XCTAssertEqual(
            StepName("resolve image config for docker-image://docker.io/docker/dockerfile:1").image,
            "docker/dockerfile:1")
        XCTAssertNil(StepName("[2/2] RUN load metadata for x").image)
    }

    func testLinesOfADockerfile() {
        let text = "FROM scratch\n# note\nRUN a && \\\n  # inside\n  b\n\nrun c\nCOPY x y\r\nCOPY x y\n"
        XCTAssertEqual(DockerfileLines.line(of: "RUN a &&   b", in: text), 3)
        XCTAssertEqual(DockerfileLines.line(of: "RUN c", in: text), 7)
        XCTAssertNil(DockerfileLines.line(of: "COPY x y", in: text), "two lines say so")
        XCTAssertNil(DockerfileLines.line(of: "RUN d", in: text))
    }
}
