import TOML

/// Settings of one appling that must fit together, wherever each of them was written.
struct Agreement {
    let appling: Appling
    /// Which of the repository's files speak of it, the root file first.
    let files: [Int]

    /// Reports into the file that the appling's author would change.
    func check(_ all: inout [LoadedFile]) {
        for file in files {
            checkPort(&all[file])
            checkAddOnVariables(&all[file])
            checkProxyPorts(&all[file])
            checkDomains(&all[file])
        }
        checkMounts(&all)
        let areComplete = files.allSatisfy { all[$0].isComplete }
        checkLiveness(&all[nearest(in: all, to: "liveness", "liveness_path", "liveness_port")], areComplete)
        checkPace(&all[nearest(in: all, to: "rolling_update")])
    }

    /// To follow a setting, when there are several applings.
    var ofAppling: String { appling.name.map { " of the appling `\($0)`" } ?? "" }

    /// The last file with one of these keys, which is the one that counts.
    private func nearest(in all: [LoadedFile], to keys: String...) -> Int {
        files.last { file in keys.contains { all[file].section.position($0) != nil } } ?? files[0]
    }

    /// The platform sets `PORT`; a file may repeat its value, as the reference does.
    private func checkPort(_ file: inout LoadedFile) {
        // A `port` that is no number was reported; it says nothing about `PORT`.
        guard file.section.whole("port") != nil || file.section.position("port") == nil else { return }
        for table in file.section.section("env").entries {
            guard let entry = table.value.table?.entry("PORT"), let value = EnvValue(entry.value),
                value != .plain("\(appling.port)")
            else { continue }
            file.problems.add(
                entry.position,
                """
                the platform sets `PORT` to the `port`\(ofAppling), which is \(appling.port); remove \
                this line, or change `port`
                """)
        }
    }

    private func checkLiveness(_ file: inout LoadedFile, _ areComplete: Bool) {
        let section = file.section
        guard appling.liveness == nil, areComplete,
            // A path that is wrong was reported and is not missing.
            section.position("liveness_path") == nil,
            section.section("liveness").position("path") == nil,
            let position = section.position("liveness_port") ?? section.position("liveness")
        else { return }
        file.problems.add(
            position, "a liveness probe needs a path; add `liveness_path`, or remove this setting")
    }

    private func checkPace(_ file: inout LoadedFile) {
        guard let pace = appling.rollingUpdate, pace.maxUnavailable?.isZero ?? false,
            pace.maxSurge?.isZero ?? false,
            let position = file.section.position("rolling_update")
        else { return }
        file.problems.add(
            position,
            "`max_unavailable` and `max_surge` are both 0, so no pod could ever be replaced; raise one")
    }
}
