import TOML

/// Settings of one appling that must fit together, wherever each of them was written.
struct Agreement {
    let appling: Appling

    /// Reports into the file that the appling's author would change.
    func check(_ root: inout LoadedFile, _ own: inout LoadedFile) {
        checkPorts(&root)
        checkPorts(&own)
        if own.mentionsLiveness { checkLiveness(&own, root.isComplete) } else { checkLiveness(&root, true) }
        if own.settings.rollingUpdate != nil { checkPace(&own) } else { checkPace(&root) }
    }

    func check(_ root: inout LoadedFile) {
        checkPorts(&root)
        checkLiveness(&root, true)
        checkPace(&root)
    }

    /// The platform sets `PORT`; a file may repeat its value, as the reference does.
    private func checkPorts(_ file: inout LoadedFile) {
        // A `port` that is no number was reported; it says nothing about `PORT`.
        guard file.settings.port != nil || file.section.position("port") == nil else { return }
        for port in file.settings.repeatedPorts where port.value != .plain("\(appling.port)") {
            let whose = appling.name.map { " of the appling `\($0)`" } ?? ""
            file.problems.add(
                port.position,
                """
                the platform sets `PORT` to the `port`\(whose), which is \(appling.port); remove \
                this line, or change `port`
                """)
        }
    }

    private func checkLiveness(_ file: inout LoadedFile, _ othersAreComplete: Bool) {
        let section = file.section
        guard appling.liveness == nil, file.isComplete, othersAreComplete,
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

extension LoadedFile {
    fileprivate var mentionsLiveness: Bool {
        section.position("liveness") != nil || section.position("liveness_path") != nil
            || section.position("liveness_port") != nil
    }
}

/// All host names of a repository, to find those that would lead to two places.
struct HostList {
    private var owners: [String: String] = [:]

    /// Adds what one appling asks for in its own file.
    mutating func add(_ settings: Settings, _ appling: Appling, _ problems: inout ProblemList) {
        add(settings.domains, appling, &problems)
        for environment in Environments.all {
            add(settings.domainsEnv[environment] ?? [], appling, &problems)
        }
    }

    private mutating func add(
        _ names: [Placed<String>], _ appling: Appling, _ problems: inout ProblemList
    ) {
        for placed in names where Host.verdict(on: placed.value) == .right {
            let name = placed.value.lowercased()
            let place = "line \(placed.position.line) of \(problems.path)"
            if let owner = owners[name] {
                problems.add(
                    placed.position, "the host name `\(name)` is taken already, \(owner); remove one")
                continue
            }
            owners[name] = "on \(place)"
            guard appling.fromToWWWRedirect else { continue }
            let other = Host.redirected(to: name)
            if let owner = owners[other] {
                problems.add(
                    placed.position,
                    """
                    `from_to_www_redirect` makes `\(other)` lead to `\(name)`, but `\(other)` is \
                    taken already, \(owner); list only the name that people shall end up at
                    """)
            } else {
                owners[other] = "by the redirect to `\(name)` on \(place)"
            }
        }
    }
}
