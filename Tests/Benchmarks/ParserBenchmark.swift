import Foundation
import Subprocess
import TOML
import TestSupport

/// Reading one megabyte of TOML, against Python's `tomllib`. The target: at least 5 times as fast.
struct ParserBenchmark {
    static let documentBytes = 1 << 20
    static let runs = 9

    func run() async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "large.toml")
            try Data(Self.document()).write(to: file)
            let ours = try Self.ours([UInt8](Data(contentsOf: file)))
            let theirs = try await Self.theirs(file)
            print(ours.line("parser, 1 MB of TOML"))
            print(theirs.line("tomllib, the same document"))
            let ratio = String(format: "%.1f", theirs.median / ours.median)
            print("The parser is \(ratio) times as fast (target: at least 5)\n")
        }
    }

    /// What settings files are made of: comments, tables, texts, numbers, lists.
    private static func document() -> [UInt8] {
        var text = ""
        var number = 0
        while text.utf8.count < documentBytes {
            number += 1
            text += """
                # What number \(number) needs
                [part-\(number).env.common]
                LEVEL = "info"
                GREETING = "Hello \\u00e9, this is a text of the usual length\\n"
                PASSWORD = { secret = "keys-\(number)", key = "password" }
                port = \(3000 + number % 1000)
                share = \(number).25
                since = 2024-02-29T12:00:\(10 + number % 50)Z
                domains = ["a\(number).example.com", 'b\(number).example.com']
                redirect = \(number.isMultiple(of: 2))

                """
        }
        return Array(text.utf8)
    }

    private static func ours(_ document: [UInt8]) throws -> Figures {
        var figures = Figures()
        for _ in 0..<runs {
            let start = ContinuousClock.now
            let table = try TOMLTable(parsing: document)
            figures.add(ContinuousClock.now - start)
            guard !table.entries.isEmpty else { throw TestFailure("nothing was read") }
        }
        return figures
    }

    private static func theirs(_ file: URL) async throws -> Figures {
        let program = """
            import sys, time, tomllib
            text = open(sys.argv[1], encoding="utf-8").read()
            for _ in range(\(runs)):
                start = time.perf_counter()
                tomllib.loads(text)
                print(time.perf_counter() - start)
            """
        let result = try await ProgramRun("python3", ["-c", program, file.path], timeLimit: .seconds(120)).run()
        var figures = Figures()
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            figures.add(.seconds(Double(line) ?? 0))
        }
        guard result.exitCode == 0, figures.seconds.count == runs else {
            throw TestFailure("python3: \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
        return figures
    }
}
