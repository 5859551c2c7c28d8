/// What a build has told so far, whichever client told it: its steps, their last lines, how it failed.
struct BuildRecord {
    struct Step: Equatable {
        /// `[builder 2/3] RUN make`
        let name: String
        /// The last lines of its output, oldest first, without colours.
        fileprivate(set) var tail: [String] = []
        fileprivate(set) var error: String?
    }

    /// Kept of each step's output, and of the whole build's.
    static let maxTailLines = 20
    /// Later steps are not followed; no Dockerfile comes near.
    static let maxSteps = 2000
    private static let maxLooseLines = 50

    private var steps: [Int: Step] = [:]
    private var failedNumber: Int?
    /// Lines that belong to no step: the client's own words.
    private var loose: [String] = []
    /// The last lines of all steps' output.
    private(set) var tail: [String] = []
    /// Where in the Dockerfile BuildKit saw the error, if it says so (`Dockerfile:4`).
    private(set) var reportedLine: Int?

    /// The first step that failed by itself.
    var failedStep: Step? { failedNumber.flatMap { steps[$0] } }

    /// The client's last word: the error of a build that failed.
    var lastWord: String { loose.last { !$0.isEmpty } ?? "" }

    func name(of number: Int) -> String? { steps[number]?.name }

    /// - Returns: false for a step that is known, or one too many.
    @discardableResult
    mutating func begin(_ number: Int, _ name: String) -> Bool {
        guard steps[number] == nil, steps.count < Self.maxSteps else { return false }
        steps[number] = Step(name: name)
        return true
    }

    mutating func keep(_ line: String, of number: Int) {
        Self.append(line, to: &tail, limit: Self.maxTailLines)
        guard var lines = steps[number]?.tail else { return }
        Self.append(line, to: &lines, limit: Self.maxTailLines)
        steps[number]?.tail = lines
    }

    mutating func fail(_ number: Int, _ error: String) {
        steps[number]?.error = error
        // A step is also broken off because another one failed.
        if failedNumber == nil, !Self.isBrokenOff(error) { failedNumber = number }
    }

    static func isBrokenOff(_ error: String) -> Bool { error.hasSuffix("context canceled") }

    mutating func say(_ line: String) { Self.append(line, to: &loose, limit: Self.maxLooseLines) }

    /// - Parameter line: the one that heads an excerpt of the Dockerfile: `Dockerfile:4`.
    mutating func notePlace(_ line: String) {
        // Every line comes here, and making a regular expression costs more than all the rest.
        guard reportedLine == nil, let colon = line.utf8.lastIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
            !line[..<colon].contains(where: \.isWhitespace)
        else { return }
        let digits = line[colon...].dropFirst()
        if digits.allSatisfy({ $0.isASCII && $0.isNumber }) { reportedLine = Int(digits) }
    }

    private static func append(_ line: String, to lines: inout [String], limit: Int) {
        if lines.count == limit { lines.removeFirst() }
        lines.append(line)
    }
}
