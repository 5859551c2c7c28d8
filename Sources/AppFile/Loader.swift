import TOML

extension AppFile {
    /// Reads and checks the settings of a repository.
    ///
    /// - Returns: all problems of all files, ordered by path, line and column; and the
    ///   settings, which are nil exactly when one of the problems is an error. No file at all
    ///   means every default.
    package static func load(from tree: some FileTree) -> (file: AppFile?, problems: [Problem]) {
        var loader = Loader(tree: tree)
        let file = loader.load()
        let problems = loader.problems.sorted()
        let isValid = problems.allSatisfy { $0.severity != .error }
        return (isValid ? file : nil, problems)
    }
}

/// Puts the root file and the applings' own files together.
private struct Loader<Tree: FileTree> {
    let tree: Tree
    var root: LoadedFile
    var parts: [Part] = []

    /// One appling: what its own file says, unless it is the root file.
    struct Part {
        let name: String
        var file: LoadedFile
    }

    init(tree: Tree) {
        self.tree = tree
        root = LoadedFile(folder: "", in: tree)
    }

    var problems: [Problem] {
        root.problems.problems + parts.flatMap(\.file.problems.problems)
    }

    mutating func load() -> AppFile {
        for name in listed() {
            parts.append(Part(name: name, file: LoadedFile(folder: name, in: tree)))
        }
        var applings: [Appling] = []
        if root.listsApplings {
            for index in parts.indices {
                let part = parts[index]
                let appling = Appling(
                    name: part.name, folder: part.name,
                    settings: [root.settings, part.file.settings])
                Agreement(appling: appling).check(&root, &parts[index].file)
                applings.append(appling)
            }
        } else {
            let appling = Appling(name: nil, folder: "", settings: [root.settings])
            Agreement(appling: appling).check(&root)
            applings = [appling]
        }
        checkHosts(applings)
        let environment = root.settings.defaultEnvironment ?? Environments.test
        return AppFile(
            defaultEnvironment: environment == "none" ? nil : environment, applings: applings)
    }

    /// The listed names that are names of folders, each once.
    private mutating func listed() -> [String] {
        var lines: [String: Int] = [:]
        for listed in root.settings.applings.prefix(AppFile.maxApplings) {
            let (name, position) = (listed.value, listed.position)
            guard Format.folder.verdict(on: name) == .right else { continue }
            if let line = lines[name] {
                root.problems.add(position, "the appling `\(name)` is listed twice; first on line \(line)")
            } else if let fault = faultOfFolder(name) {
                root.problems.add(position, "the appling `\(name)` \(fault)")
            } else {
                lines[name] = position.line
            }
        }
        return root.settings.applings.map(\.value).filter { lines.removeValue(forKey: $0) != nil }
    }

    private func faultOfFolder(_ name: String) -> String? {
        do throws(FileTreeError) {
            return try tree.isFolder(name)
                ? nil : "needs a folder of that name at the root of the repository"
        } catch {
            return error.sentence
        }
    }

    /// Every host name may lead to one place only.
    private mutating func checkHosts(_ applings: [Appling]) {
        var hosts = HostList()
        if !root.listsApplings {
            hosts.add(root.settings, applings[0], &root.problems)
            return
        }
        for (index, appling) in applings.enumerated() {
            hosts.add(parts[index].file.settings, appling, &parts[index].file.problems)
        }
    }
}
