import Foundation

/// Durations of several runs.
struct Figures {
    private(set) var seconds: [Double] = []

    mutating func add(_ duration: Duration) { seconds.append(duration / .seconds(1)) }

    var median: Double { percentile(50) }

    func percentile(_ percent: Double) -> Double {
        let sorted = seconds.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))]
    }

    func line(_ name: String) -> String {
        let figures = [("min", seconds.min() ?? 0), ("median", median), ("p99", percentile(99)), ("max", seconds.max() ?? 0)]
            .map { "\($0.0) \(String(format: "%.1f", $0.1 * 1_000)) ms" }
        return "\(name.padding(toLength: 34, withPad: " ", startingAt: 0)) \(figures.joined(separator: "   "))   (\(seconds.count) runs)"
    }
}
