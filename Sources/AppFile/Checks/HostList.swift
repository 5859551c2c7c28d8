import TOML

/// All host names of a repository, to find those that would lead to two places.
struct HostList {
    private var owners: [String: String] = [:]

    /// Adds what one appling asks for in its own file.
    mutating func add(_ file: inout LoadedFile, _ appling: Appling) {
        add(file.section.texts("domains"), appling, &file.problems)
        for entry in file.section.section("domains_env").entries
        where Environments.all.contains(entry.name) {
            add(Section.texts(entry.value), appling, &file.problems)
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
