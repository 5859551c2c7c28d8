import Foundation
import Subprocess
import TestSupport

// What a deploy through Iterapp costs over doing it by hand, and how quickly commands are acknowledged meanwhile.
// Reading settings needs nothing but the program, and is measured first.
// Run with:  swift build -c release --static-swift-stdlib && .build/release/benchmarks [settings]
// (linked as it is shipped, since the start of the process counts)

let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-benchmark-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
do {
    try await SettingsBenchmark(directory: directory).run()
    if CommandLine.arguments.dropFirst().first != "settings" {
        let demo = try DemoProcess(in: directory)
        do {
            try await demo.start()
            try await DeployBenchmark(demo: demo).run()
            try await AcknowledgementBenchmark(demo: demo).run()
        } catch {
            print("The benchmark failed: \(error)")
        }
        await demo.stop()
    }
} catch {
    print("The benchmark failed: \(error)")
}
try? FileManager.default.removeItem(at: directory)
