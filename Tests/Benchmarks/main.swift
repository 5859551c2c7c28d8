import Foundation
import Subprocess
import TestSupport

// What the program costs, linked as it is shipped, since the start of a process counts. Run with:
//
//     swift run -c release --static-swift-stdlib benchmarks [deploy] [parser] [tools] \
//         [apply] [scale] [latency] [status] [load] [outbox] [addons] [build] \
//         [intake | intake-only | intake-scale]
//
// deploy: a deploy through Iterapp over one by hand, and how quickly commands are acknowledged meanwhile
// parser: TOML, against Python's
// tools: `iterapp check` and `iterapp render`
// apply: 100 apps by our applier, over `kubectl apply --server-side`
// scale: what 1,000 apps in two environments cost
// latency: from ready pods to the message that says so
// load: how quickly commands are acknowledged at 500 a second while 50 builds write logs
// outbox: how long 10,000 edits take, over 100 posts
// status: what `apps`, `status` and the Home tab cost with a long history, while others write
// addons: a deploy with a database, a cache and an account that exist, over one without
// build: an image by our builder, over `buildctl build` by hand; with the BuildKit at ITERAPP_TEST_BUILDKIT_HOST
// intake: commands a second beside nginx and Bolt for Python, which are installed when they are missing; what Iterapp costs
//     at rest and with a long history. Only when it is named; intake-only and intake-scale are parts of it.
//
// apply and scale use the cluster that ITERAPP_TEST_KUBECONFIG names, if it names one.

let wanted = CommandLine.arguments.dropFirst()

func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }

func runDeploys() async throws {
    try await withDemo { demo in
        try await DeployBenchmark(demo: demo).run()
        try await AcknowledgementBenchmark(demo: demo).run()
    }
}

/// What this program is when it was started by itself.
func runAsPart() async throws -> Bool {
    guard CommandLine.arguments.count == 3 else { return false }
    let directory = URL(filePath: CommandLine.arguments[2], directoryHint: .isDirectory)
    switch CommandLine.arguments[1] {
    case ClusterServer.mode: try await ClusterServer.serve(in: directory)
    case LoadServer.mode: try await LoadServer.serve(in: directory)
    case ClusterWatcher.mode: try await ClusterWatcher.watch(in: directory)
    default: return false
    }
    return true
}

do {
    if try await runAsPart() { exit(0) }
    if isWanted("parser") { try await ParserBenchmark().run() }
    if isWanted("tools") { try await ToolBenchmark().run() }
    if isWanted("deploy") { try await runDeploys() }
    if isWanted("apply") {
        try await withCluster { kubeconfig, _ in try await ApplyBenchmark(kubeconfig: kubeconfig).run() }
    }
    if isWanted("scale") {
        try await withCluster { kubeconfig, server in
            try await ScaleBenchmark(kubeconfig: kubeconfig, server: server).run()
        }
    }
    for part in IntakeBenchmark.Part.allCases where wanted.contains(part.rawValue) { try await IntakeBenchmark.run(part) }
    if isWanted("addons") { try await AddOnBenchmark.run() }
    if isWanted("build") { try await BuildBenchmark().run() }
    if isWanted("outbox") { try await OutboxBenchmark().run() }
    if isWanted("latency") {
        try await withDemo { demo in try await LatencyBenchmark(demo: demo).run() }
    }
    if isWanted("load") { try await LoadBenchmark().run() }
    if isWanted("status") { try await StatusBenchmark().run() }
} catch {
    print("The benchmark failed: \(error)")
    exit(1)
}
