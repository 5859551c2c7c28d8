import CrashHarness
import Foundation

// Kills the service and looks whether it kept its word. Run with:
//
//     swift run crashes --kills 500 --seed 1
//     swift run crashes --write-points --seed 1
//
// --kills N: kills the service so often, in scenarios of 25 kills each: at random instants with SIGKILL, also while it
//     starts, and a third of the times in or before one of its writes, half of it done or as when the power fails
// --write-points: registers an app and deploys it, again and again; each write of the service goes wrong once
// --modes: in which ways: before, half, after (killed there), power (what was not synced is gone), eio, enospc (it
//     fails once), eio-on, enospc-on (it and all that follow fail), or all of them; without it each write is
//     spoilt twice, by a kill and by a failure, and which ones follows from the seed. lie: the power fails, and the
//     disk had only pretended to sync; this must be found out, and shows that the harness finds something
// --calls fsync,fdatasync: only writes by these calls
// --stride N: only every N-th write
// --seed: what is asked for, when, and what goes wrong follows from it; printed, and a random one without
// --parallel N: how many services run side by side

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
