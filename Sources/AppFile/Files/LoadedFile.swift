import TOML

/// One `iterapp.toml` after reading, or what stands for one that does not exist.
struct LoadedFile {
    let path: String
    let section: Section
    /// False when a part could not be read; then nothing may be said about what is missing.
    let isComplete: Bool
    var problems: ProblemList

    /// Whether the file is one that lists applings, rightly or not.
    var listsApplings: Bool { !(section.table["applings"]?.array ?? []).isEmpty }

    /// - Parameter folder: "" for the root file.
    init(folder: String, in tree: some FileTree) {
        path = folder.isEmpty ? AppFile.fileName : folder + "/" + AppFile.fileName
        problems = ProblemList(path: path)
        let document = Self.read(path, in: tree, &problems)
        isComplete = document.map(\.errors.isEmpty) ?? false
        section = Section(document?.table)
        let role = folder.isEmpty ? Checker.Role.root(listsApplings: listsApplings) : .appling
        var checker = Checker(role: role, root: section.table, isComplete: isComplete, problems: problems)
        checker.check(section.table, Keys.all, in: Checker.Scope())
        problems = checker.problems
        checkPairs()
        CronJobCheck.check(&self)
    }

    /// Nil when there is something that cannot be read; nothing at all is an empty document.
    private static func read(
        _ path: String, in tree: some FileTree, _ problems: inout ProblemList
    ) -> TOMLDocument? {
        let start = TOMLPosition(line: 1, column: 1)
        do throws(FileTreeError) {
            let bytes = try tree.read(path) ?? []
            guard bytes.count <= AppFile.maxFileBytes else {
                throw .tooLarge(maxBytes: AppFile.maxFileBytes)
            }
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                problems.add(
                    start, "the file begins with a byte order mark (BOM); save it as UTF-8 without one")
            }
            let document = TOMLDocument(bytes)
            for error in document.errors { problems.add(error.position, error.message) }
            return document
        } catch {
            problems.add(start, "\(AppFile.fileName) \(error.sentence)")
            return nil
        }
    }

    /// Settings that can be written in two ways may be written in one only.
    private mutating func checkPairs() {
        let pairs = [
            ("readiness_path", "readiness", "path"), ("liveness_path", "liveness", "path"),
            ("liveness_port", "liveness", "port"),
        ]
        for (flat, table, key) in pairs {
            guard let one = section.position(flat),
                let other = section.section(table).position(key)
            else { continue }
            problems.add(
                max(one, other),
                """
                `\(flat)` (line \(one.line)) and `\(key)` under `[\(table)]` (line \(other.line)) \
                are the same setting; remove one of them
                """)
        }
    }
}

extension FileTreeError {
    /// To follow the name of what cannot be read.
    var sentence: String {
        switch self {
        case .outsideTree: "leads out of the repository; only what lies inside it is read"
        case .isFolder: "is a folder here; it must be a file"
        case .notRegular: "is no regular file here; replace it with one"
        case .tooLarge(let maxBytes): "is larger than \(maxBytes) bytes, the most that is read"
        case .unreadable(let reason): "cannot be read: \(TOMLText.plain(reason))"
        }
    }
}
