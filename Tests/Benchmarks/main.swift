import Foundation
import Subprocess
import TestSupport

// What the program costs, linked as it is shipped, since the start of a process counts. Run with:
//
//     swift run -c release --static-swift-stdlib benchmarks [deploy] [parser] [tools]
//
// deploy: a deploy through Iterapp over one by hand, and how quickly commands are acknowledged meanwhile
// parser: TOML, against Python's
// tools: `iterapp check` and `iterapp render`

let wanted = CommandLine.arguments.dropFirst()

func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }

func runDeploys() async throws {
    try await withTemporaryDirectory { directory in
        let demo = try DemoProcess(in: directory)
        do {
            try await demo.start()
            try await DeployBenchmark(demo: demo).run()
            try await AcknowledgementBenchmark(demo: demo).run()
        } catch {
            await demo.stop()
            throw error
        }
        await demo.stop()
    }
}

do {
    if isWanted("parser") { try await ParserBenchmark().run() }
    if isWanted("tools") { try await ToolBenchmark().run() }
    if isWanted("deploy") { try await runDeploys() }
} catch {
    print("The benchmark failed: \(error)")
    exit(1)
}
