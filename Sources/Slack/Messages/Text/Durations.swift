import Foundation

enum Durations {
    /// "8 s", "2 min 3 s", "1 h 4 min": two units at most.
    static func text(_ seconds: TimeInterval) -> String {
        let whole = max(Int(seconds.rounded()), 1)
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s") }
        let minutes = whole / 60
        return "\(minutes / 60) h" + (minutes % 60 == 0 ? "" : " \(minutes % 60) min")
    }
}
