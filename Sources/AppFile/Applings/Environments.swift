/// The environments that every app has.
package enum Environments {
    package static let prod = "prod"
    package static let test = "test"
    package static let all = [prod, test] + (0...9).map { "snap\($0)" }

    /// Reads a name as people type it: in any case, and `snap-3` for `snap3`. Nil when there is
    /// no such environment.
    package static func named(_ text: String) -> String? {
        let lower = text.lowercased()
        let name = lower.hasPrefix("snap-") ? "snap" + lower.dropFirst("snap-".count) : lower
        return all.contains(name) ? name : nil
    }
}
