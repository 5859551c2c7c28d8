import TOML

extension AppFile {
    /// Reads and checks the settings of a repository.
    ///
    /// - Parameter app: `org/name`, to tell values that were encrypted for another app; nil if it is not known.
    /// - Returns: all problems of all files, ordered by path, line and column; and the
    ///   settings, which are nil exactly when one of the problems is an error. No file at all
    ///   means every default.
    package static func load(
        from tree: some FileTree, app: String? = nil
    ) -> (file: AppFile?, problems: [Problem]) {
        var loader = Loader(tree: tree, app: app)
        let file = loader.load()
        let problems = loader.files.flatMap(\.problems.problems).sorted()
        let isValid = problems.allSatisfy { $0.severity != .error }
        return (isValid ? file : nil, problems)
    }
}

/// Puts the root file and the applings' own files together.
private struct Loader<Tree: FileTree> {
    let tree: Tree
    let app: String?
    /// The root file first.
    var files: [LoadedFile]

    init(tree: Tree, app: String?) {
        self.tree = tree
        self.app = app
        files = [LoadedFile(folder: "", in: tree)]
    }

    mutating func load() -> AppFile {
        var parts: [Agreement] = []
        if files[0].listsApplings {
            for name in listed() {
                files.append(LoadedFile(folder: name, in: tree))
                parts.append(part(name: name, files: [0, files.count - 1]))
            }
        } else {
            parts = [part(name: nil, files: [0])]
        }
        var hosts = HostList()
        for part in parts {
            part.check(&files)
            // Names of hosts stand in an appling's own file only.
            for file in part.files.suffix(1) { hosts.add(&files[file], part.appling) }
        }
        NameCheck(app: app).check(parts, &files[0])
        var sealed = SealedValueCheck(app: app)
        for index in files.indices { sealed.check(&files[index]) }
        let environment = files[0].section.text("default_environment") ?? Environments.test
        return AppFile(
            defaultEnvironment: environment == "none" ? nil : environment, applings: parts.map(\.appling))
    }

    private func part(name: String?, files indices: [Int]) -> Agreement {
        let appling = Appling(name: name, folder: name ?? "", files: indices.map { files[$0].section })
        return Agreement(appling: appling, files: indices)
    }

    /// The listed names that are names of folders, each once.
    private mutating func listed() -> [String] {
        var lines: [String: Int] = [:]
        var names: [String] = []
        for listed in files[0].section.texts("applings").prefix(AppFile.maxApplings) {
            let (name, position) = (listed.value, listed.position)
            guard Format.folder.verdict(on: name) == .right else { continue }
            if let line = lines[name] {
                files[0].problems.add(
                    position, "the appling `\(name)` is listed twice; first on line \(line)")
            } else if let fault = faultOfFolder(name) {
                files[0].problems.add(position, "the appling `\(name)` \(fault)")
            } else {
                lines[name] = position.line
                names.append(name)
            }
        }
        return names
    }

    private func faultOfFolder(_ name: String) -> String? {
        do throws(FileTreeError) {
            return try tree.isFolder(name)
                ? nil : "needs a folder of that name at the root of the repository"
        } catch {
            return error.sentence
        }
    }
}
