import Deploys

/// How far the images of a commit are.
enum BuildWords {
    /// Beyond it, only those that something can be said about are named.
    static let maxNamed = 8

    static func lines(_ builds: [ApplingBuild]) -> [String] {
        guard builds.count > 1 else { return one(builds.first) }
        let done = builds.count { $0.state == .done }
        let bar = ProgressBar.text(done, of: builds.count)
        let head = "\(bar)  Built \(done)/\(builds.count) applings\(unchanged(builds))"
        guard builds.count > maxNamed else { return [head] + builds.map(line) }
        let interesting = builds.filter { $0.state == .failed } + builds.filter { $0.state == .building }
        let shown = interesting.prefix(maxNamed)
        return [head] + shown.map(line) + rest(builds, interesting.dropFirst(maxNamed))
    }

    /// All are named where there are few.
    private static func unchanged(_ builds: [ApplingBuild]) -> String {
        let count = builds.count { $0.unchangedSince != nil }
        return count == 0 || builds.count <= maxNamed ? "" : ", \(count) of them unchanged"
    }

    private static func one(_ build: ApplingBuild?) -> [String] {
        if let number = build?.unchangedSince { return ["The image is unchanged since build \(number)"] }
        guard let steps = build?.steps, steps.total > 0 else { return ["Building the image"] }
        let done = min(max(steps.done, 0), steps.total)
        return ["\(ProgressBar.text(done, of: steps.total))  Building the image, \(done)/\(steps.total) steps"]
    }

    private static func line(_ build: ApplingBuild) -> String {
        let name = Mrkdwn.code(build.name, maxUnits: 80)
        switch build.state {
        case .done: return "✓ \(name)" + (build.unchangedSince.map { " unchanged since build \($0)" } ?? "")
        case .failed: return "✗ \(name) failed"
        case .waiting: return "· \(name) waits"
        case .building:
            guard let steps = build.steps, steps.total > 0 else { return "▸ \(name)" }
            return "▸ \(name) \(min(max(steps.done, 0), steps.total))/\(steps.total) steps"
        }
    }

    private static func rest(_ builds: [ApplingBuild], _ unnamed: ArraySlice<ApplingBuild>) -> [String] {
        let failed = unnamed.count { $0.state == .failed }
        let building = unnamed.count { $0.state == .building }
        let waiting = builds.count { $0.state == .waiting }
        let parts = [
            failed == 0 ? nil : "\(failed) more failed", building == 0 ? nil : "\(building) more being built",
            waiting == 0 ? nil : "\(waiting) waiting",
        ].compactMap(\.self)
        return parts.isEmpty ? [] : ["· \(parts.joined(separator: ", "))"]
    }
}
