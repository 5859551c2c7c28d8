import TOML

/// What is worth saying about a file's scheduled tasks besides the form of their settings.
struct CronJobCheck {
    static func check(_ file: inout LoadedFile) {
        for entry in file.section.section("cronjobs").entries {
            guard let table = entry.value.table else { continue }
            let name = "`cronjobs.\(TOMLText.key(entry.name))`"
            if table["method"] == nil, file.isComplete {
                file.problems.add(
                    entry.position,
                    """
                    \(name) has no `method`: it is GET now, and will be POST in a future version; write \
                    `method = "GET"` to keep it
                    """,
                    .warning)
            }
            checkHeaders(table["headers"]?.table, of: name, &file.problems)
        }
    }

    /// RFC 9110 section 5.1: upper and lower case are the same in names of headers.
    private static func checkHeaders(_ headers: TOMLTable?, of name: String, _ problems: inout ProblemList) {
        var lines: [String: Int] = [:]
        for entry in headers?.entries ?? [] {
            let line = lines.updateValue(entry.position.line, forKey: entry.name.lowercased())
            guard let line else { continue }
            problems.add(
                entry.position,
                "the header `\(TOMLText.plain(entry.name))` of \(name) is given twice; first on line \(line)")
        }
    }
}
