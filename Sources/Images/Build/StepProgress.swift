import Deploys

/// Counts the Dockerfile's instructions that a build has behind it. Stages that have not begun are not counted: nobody
/// knows whether they are needed.
struct StepProgress {
    private var totals: [String: Int] = [:]
    private var open: Set<Int> = []
    private var done = 0

    /// Nil before the first instruction.
    var count: StepCount? {
        let total = totals.values.reduce(0, +)
        return total == 0 ? nil : StepCount(done: min(done, total), total: total)
    }

    /// - Parameters:
    ///   - number: by which later lines speak of it.
    ///   - name: `[builder 2/3] RUN make`
    mutating func begin(_ number: Int, _ name: String) {
        let name = StepName(name)
        guard let total = name.position?.split(separator: "/").last.flatMap({ Int($0) }), total <= BuildRecord.maxSteps,
            totals.count < BuildRecord.maxSteps
        else { return }
        totals[name.stage ?? ""] = total
        open.insert(number)
    }

    /// - Parameter line: `DONE 0.3s`, `CACHED`
    mutating func take(_ line: Substring, of number: Int) {
        guard line.hasPrefix("DONE ") || line == "CACHED", open.remove(number) != nil else { return }
        done += 1
    }
}
