import TOML

// The meaning of tables whose keys the author chooses. Of too long ones, which are refused, only so much is read as
// a right one may have: a root file's are read again for each appling.

extension Variables {
    /// The `[env]` table. `PORT` is left out: it may only repeat what the platform sets.
    init(_ section: Section) {
        self.init()
        for table in section.entries {
            var values: [String: EnvValue] = [:]
            let entries = Section(table.value.table).entries.prefix(Names.variables.maxCount)
            for entry in entries where entry.name != "PORT" {
                values[entry.name] = EnvValue(entry.value)
            }
            if table.name == "common" { common = values } else { byEnvironment[table.name] = values }
        }
    }

    /// The nearer file wins in every environment: what an appling sets for all environments also replaces what
    /// the root file sets for a single one.
    mutating func override(with own: Variables) {
        for environment in byEnvironment.keys {
            byEnvironment[environment] = byEnvironment[environment]?
                .filter { own.common[$0.key] == nil }
        }
        common.merge(own.common) { _, own in own }
        for (environment, values) in own.byEnvironment {
            byEnvironment[environment, default: [:]].merge(values) { _, own in own }
        }
        byEnvironment = byEnvironment.filter { !$0.value.isEmpty }
    }
}

extension EnvValue {
    /// Nil for what the checker refuses.
    init?(_ value: TOMLValue) {
        if let text = value.string {
            self = .plain(text)
            return
        }
        let section = Section(value.table)
        if let text = section.text("encrypted") {
            self = .encrypted(text)
        } else if let name = section.text("secret"), let key = section.text("key") {
            self = .secret(name: name, key: key)
        } else {
            return nil
        }
    }
}

extension MountedFiles {
    /// The `[files]` table.
    init(_ section: Section) {
        self.init()
        for list in section.entries {
            let tables = (list.value.array ?? []).prefix(Self.maxMounts)
            let mounts = tables.compactMap { MountedSecret(Section($0.table)) }
            if list.name == "common" { common = mounts } else { byEnvironment[list.name] = mounts }
        }
    }

    /// As with variables, the nearer file wins in every environment.
    mutating func override(with own: MountedFiles) {
        let replaced = Set(own.common.map(\.path))
        for environment in byEnvironment.keys {
            byEnvironment[environment]?.removeAll { replaced.contains($0.path) }
        }
        common = common.filter { !replaced.contains($0.path) } + own.common
        for (environment, mounts) in own.byEnvironment {
            let paths = Set(mounts.map(\.path))
            byEnvironment[environment, default: []].removeAll { paths.contains($0.path) }
            byEnvironment[environment, default: []] += mounts
        }
        byEnvironment = byEnvironment.filter { !$0.value.isEmpty }
    }
}

extension MountedSecret {
    init?(_ table: Section) {
        guard let path = table.text("mount_path"), let secret = table.text("secret") else { return nil }
        self.init(path: MountPath.normalised(path), secret: secret)
    }
}

extension BuildSecret {
    init?(_ id: String, _ table: Section) {
        guard let text = table.text("encrypted") else { return nil }
        self.init(id: id, encrypted: text)
    }
}

extension CronJob {
    init?(_ name: String, _ table: Section) {
        guard let schedule = table.text("schedule"), let path = table.text("path") else { return nil }
        let headers = table.section("headers").entries.compactMap { entry in
            entry.value.string.map { HTTPHeader(name: entry.name, value: $0) }
        }
        self.init(
            name: name, schedule: CronSchedule(schedule)?.text ?? schedule, path: path,
            method: table.text("method") ?? "GET", headers: headers.sorted { $0.name < $1.name })
    }
}
