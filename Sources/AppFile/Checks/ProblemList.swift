import TOML

/// Collects the problems of one file.
struct ProblemList {
    /// More than anybody will read; a hostile file could have a million.
    static let maxProblems = 500

    let path: String
    private(set) var problems: [Problem] = []

    init(path: String) { self.path = path }

    var isFull: Bool { problems.count >= Self.maxProblems }

    mutating func add(
        _ position: TOMLPosition, _ message: String, _ severity: Problem.Severity = .error
    ) {
        guard !isFull else { return }
        let problem = Problem(
            path: path, line: position.line, column: position.column, severity: severity,
            message: message)
        // A setting of the root file can be wrong for several applings in the same words.
        guard !problems.contains(problem) else { return }
        problems.append(problem)
        if isFull {
            problems[problems.count - 1] = Problem(
                path: path, line: position.line, column: position.column,
                message: "more than \(Self.maxProblems - 1) problems; the others are not shown")
        }
    }
}
