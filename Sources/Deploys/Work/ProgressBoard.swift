/// The state of each appling's build, shown whenever one changes.
final class ProgressBoard: Sendable {
    private let builds: LockedValue<[ApplingBuild]>
    private let report: @Sendable (Phase) -> Void

    init(_ names: [String], report: @escaping @Sendable (Phase) -> Void) {
        builds = LockedValue(names.map { ApplingBuild(name: $0, state: .waiting) })
        self.report = report
    }

    func set(_ name: String, _ state: ApplingBuild.State) {
        change(name) { build in
            build.state = state
            // How far it came says nothing any more.
            if state != .building { build.steps = nil }
        }
    }

    func set(_ name: String, _ steps: StepCount) { change(name) { $0.steps = steps } }

    /// - Parameter build: the one that made its image.
    func setUnchanged(_ name: String, since build: Int) {
        change(name) {
            $0.state = .done
            $0.unchangedSince = build
        }
    }

    /// Reports under the lock, so that an older state never comes after a newer one.
    private func change(_ name: String, _ change: (inout ApplingBuild) -> Void) {
        builds.with { builds in
            for index in builds.indices where builds[index].name == name { change(&builds[index]) }
            report(.building(builds))
        }
    }
}
