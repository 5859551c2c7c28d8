import Foundation

/// Seconds that this thread keeps a processor busy with `body`; what other programs do meanwhile hardly counts. The
/// best of a few runs.
public func cpuSeconds(runs: Int = 2, _ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
        let start = now()
        try body()
        best = min(best, now() - start)
    }
    return best
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
