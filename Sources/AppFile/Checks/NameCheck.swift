import TOML

/// Names in the cluster that two things would share, or that are too long.
///
/// An appling's Deployment and Service are called `{app}-{appling}`, and a second Service `{appling}`; what the
/// platform adds is called `{app}-redis`, or `{app}-{appling}-redis` if it is an appling's own.
struct NameCheck {
    /// The app's name as a DNS label; nil while it is not known.
    private let app: String?
    private let maxLabelBytes = 63

    /// - Parameter app: `org/name`
    init(app: String?) {
        let name = app.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        self.app = name?.lowercased().replacing("_", with: "-").replacing(".", with: "-")
    }

    func check(_ parts: [Agreement], _ root: inout LoadedFile) {
        var addOns: [String: String] = [:]
        var applings: [String: String] = [:]
        for appling in parts.map(\.appling) {
            for (name, owner) in self.addOns(of: appling) { addOns[name] = owner }
            if let short = appling.name { applings[name(short)] = short }
        }
        for listed in root.section.texts("applings") where applings[name(listed.value)] != nil {
            for sentence in faults(of: listed.value, addOns, applings) {
                root.problems.add(listed.position, "the appling `\(listed.value)` \(sentence)")
            }
        }
    }

    private func faults(of appling: String, _ addOns: [String: String], _ applings: [String: String]) -> [String] {
        let full = name(appling)
        if let owner = addOns[full] {
            return ["would share the name `\(full)` with \(owner); rename its folder"]
        }
        guard app != nil else { return [] }
        var faults: [String] = []
        if let owner = addOns[appling] {
            faults.append("would share the name `\(appling)` with \(owner); rename its folder")
        }
        if let other = applings[appling], other != appling {
            faults.append(
                "is reached by the name `\(appling)`, which is also the full name of the appling `\(other)`; "
                    + "rename one of the folders")
        }
        if full.utf8.count > maxLabelBytes {
            faults.append(
                "would be called `\(full)`, which has \(full.utf8.count) characters; at most \(maxLabelBytes) are "
                    + "possible, so shorten the folder's name")
        }
        return faults
    }

    private func name(_ rest: String) -> String { "\(app ?? "{app}")-\(rest)" }

    /// Their names, with what they are.
    private func addOns(of appling: Appling) -> [(String, String)] {
        let owners = [
            ("postgres", "[postgres]", appling.postgres?.owner), ("redis", "[redis_lfu_cache]", appling.redis?.owner),
            ("nats", "[nats]", appling.nats?.owner),
        ]
        return owners.compactMap { suffix, table, owner in
            switch (owner, appling.name) {
            case (.app, _): (name(suffix), "the app's `\(table)`")
            case (.appling, let appling?): (name("\(appling)-\(suffix)"), "the `\(table)` of the appling `\(appling)`")
            default: nil
            }
        }
    }
}
