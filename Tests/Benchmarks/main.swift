import Foundation
import Subprocess
import TestSupport

// What a deploy through Iterapp costs over doing it by hand, and how quickly commands are acknowledged meanwhile.
// Run with:  swift run -c release benchmarks

let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-benchmark-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
let demo = try DemoProcess(in: directory)
do {
    try await demo.start()
    try await DeployBenchmark(demo: demo).run()
    try await AcknowledgementBenchmark(demo: demo).run()
} catch {
    print("The benchmark failed: \(error)")
}
await demo.stop()
try? FileManager.default.removeItem(at: directory)
