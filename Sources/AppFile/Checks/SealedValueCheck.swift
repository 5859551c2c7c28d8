import TOML

/// Looks at all encrypted values of a repository, as far as that is possible without a key: whether they are
/// whole, and made for the place where they stand.
struct SealedValueCheck {
    /// `org/name`; nil while it is not known.
    private let app: String?
    /// The first value that was seen, to tell values that were made for different apps.
    private var first: (app: String, place: String)?

    init(app: String?) { self.app = app?.lowercased() }

    mutating func check(_ file: inout LoadedFile) {
        for table in file.section.section("env").entries {
            for entry in table.value.table?.entries ?? [] {
                let name = ["env", table.name, entry.name].map(TOMLText.key).joined(separator: ".")
                check(entry, "`\(name)`", SealedValue.Scope(variablesOf: table.name), &file.problems)
            }
        }
        for entry in file.section.section("build_secrets").entries {
            check(entry, "`build_secrets.\(TOMLText.key(entry.name))`", .build, &file.problems)
        }
    }

    private mutating func check(
        _ entry: TOMLTable.Entry, _ name: String, _ scope: SealedValue.Scope, _ problems: inout ProblemList
    ) {
        guard let table = entry.value.table, let found = table["encrypted"], let text = found.string,
            // What is both encrypted and a reference was reported as that.
            table["secret"] == nil, table["key"] == nil
        else { return }
        do throws(SealedValueError) {
            let value = try SealedValue(text)
            let place = "line \(found.position.line) of \(problems.path)"
            for sentence in faults(of: value, in: scope) { problems.add(found.position, "\(name) \(sentence)") }
            if first == nil { first = (value.app, place) }
        } catch {
            problems.add(found.position, "\(name) \(sentence(error, scope))")
        }
    }

    private func faults(of value: SealedValue, in scope: SealedValue.Scope) -> [String] {
        var faults: [String] = []
        let owner = TOMLText.plain(value.app)
        if let app, value.app != app {
            faults.append(
                "was encrypted for the app `\(owner)`, and this is `\(app)`; " + advice(scope, app: app))
        } else if app == nil, let first, value.app != first.app {
            faults.append(
                """
                was encrypted for the app `\(owner)`, and the value on \(first.place) for \
                `\(TOMLText.plain(first.app))`; a repository is one app, which can open only its own values
                """)
        }
        if value.scope != scope {
            faults.append(
                "was encrypted for the scope `\(value.scope.name)`, which cannot be opened here; "
                    + advice(scope, app: value.app))
        }
        return faults
    }

    private func sentence(_ error: SealedValueError, _ scope: SealedValue.Scope) -> String {
        switch error {
        case .damaged:
            "is damaged: a part of the encrypted text is missing or changed; copy the whole of it again"
        case .foreign:
            "is no encrypted text of this Iterapp, or its beginning is missing; " + advice(scope, app: app)
        case .unknownVersion(let version):
            "is encrypted in the form \(version), which this version of Iterapp does not know; "
                + advice(scope, app: app)
        }
    }

    private func advice(_ scope: SealedValue.Scope, app: String?) -> String {
        "encrypt the secret again with `iterapp encrypt --app \(TOMLText.plain(app ?? "APP")) --scope \(scope.name)`"
    }
}
