import CrashHarness
import Foundation

// Kills the service and looks whether it kept its word. Run with:
//
//     swift run crashes --kills 500 --seed 1
//
// --kills: how often the service is killed with SIGKILL at random instants, in scenarios of 25 kills each
// --seed: what the instants and what is asked for follow from; printed, and a random one without
// --parallel: how many scenarios run side by side

do {
    let order = try CrashOrder(CommandLine.arguments.dropFirst())
    let isGood = try await order.run()
    exit(isGood ? 0 : 1)
} catch let usage as CrashOrder.Usage {
    print(usage.sentence)
    exit(2)
} catch {
    print("The run failed: \(error)")
    exit(1)
}
