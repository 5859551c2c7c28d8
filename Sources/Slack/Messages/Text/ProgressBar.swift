/// A bar of always the same width, so that nothing jumps while it grows.
enum ProgressBar {
    static let cells = 10

    /// Full only when all is done, and empty only when nothing is.
    static func text(_ done: Int, of total: Int) -> String {
        guard total > 0 else { return String(repeating: "▱", count: cells) }
        let share = Double(min(max(done, 0), total)) / Double(total)
        var full = Int((share * Double(cells)).rounded())
        if done < total { full = min(full, cells - 1) }
        if done > 0 { full = max(full, 1) }
        return String(repeating: "▰", count: full) + String(repeating: "▱", count: cells - full)
    }
}
