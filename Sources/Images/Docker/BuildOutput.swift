/// What `docker build --progress=plain` printed so far: steps, their last lines, how it ended.
///
/// BuildKit prints `#4 [2/3] RUN make` when step 4 begins, then lines that begin with `#4`: `0.263 text`
/// for the step's output (with the seconds since it began), `CACHED`, `DONE 0.1s`, `CANCELED` or
/// `ERROR: reason`; steps that run side by side take turns. After a failure come blocks between `------`
/// and a last line with the error (BuildKit, util/progress/progressui/printer.go). Measured with the
/// client of Docker 20.10 and with buildx.
struct BuildOutput {
    struct Step: Equatable {
        /// `[builder 2/3] RUN make`
        let name: String
        /// The last lines of its output, oldest first.
        fileprivate(set) var tail: [String] = []
        fileprivate(set) var error: String?
    }

    /// Kept of each step's output, and of the whole build's.
    static let maxTailLines = 20
    /// Later steps are not followed; no Dockerfile comes near.
    static let maxSteps = 2000
    private static let maxLooseLines = 50

    private var steps: [Int: Step] = [:]
    private(set) var progress = StepProgress()
    private var failedNumber: Int?
    /// The step whose output came last; a progress bar's line loses its prefix to a carriage return.
    private var speaking: Int?
    private var isInTrailer = false
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

    /// Takes the next line.
    /// - Returns: the line as a log should show it; nil for lines that tell people nothing.
    mutating func take(_ line: String) -> String? {
        let text = TerminalText.clean(line)
        if text == "------", failedNumber != nil { isInTrailer = true }
        if !isInTrailer, let (number, rest) = Self.split(text) {
            return note(rest, of: number) ? text : nil
        }
        if !isInTrailer, let speaking, !text.isEmpty { keep(text, of: speaking) }
        Self.append(text, to: &loose, limit: Self.maxLooseLines)
        if isInTrailer, let match = text.wholeMatch(of: #/\S+:(\d+)/#) { reportedLine = Int(match.1) }
        return text
    }

    /// `#12 rest`
    private static func split(_ line: String) -> (number: Int, rest: Substring)? {
        guard line.hasPrefix("#"), let space = line.firstIndex(of: " ") else { return nil }
        return Int(line[line.index(after: line.startIndex)..<space]).map {
            ($0, line[line.index(after: space)...])
        }
    }

    private mutating func note(_ text: Substring, of number: Int) -> Bool {
        speaking = nil
        guard let step = steps[number] else {
            if steps.count < Self.maxSteps {
                steps[number] = Step(name: String(text))
                progress.begin(number, String(text))
            }
            return true
        }
        progress.take(text, of: number)
        if let match = text.wholeMatch(of: #/\d+\.\d+ (.*)/#) {
            keep(String(match.1), of: number)
            speaking = number
        } else if text.hasPrefix("ERROR: ") {
            let error = String(text.dropFirst("ERROR: ".count))
            steps[number]?.error = error
            // A step is also broken off because another one failed.
            if failedNumber == nil, !error.hasSuffix("context canceled") { failedNumber = number }
        } else if text.hasPrefix("sha256:") {
            // The step's own digest, printed once by older clients.
            return false
        } else if text == step.name {
            // Told again when the step goes on after another one had its turn.
            return false
        }
        return true
    }

    private mutating func keep(_ line: String, of number: Int) {
        Self.append(line, to: &tail, limit: Self.maxTailLines)
        guard var lines = steps[number]?.tail else { return }
        Self.append(line, to: &lines, limit: Self.maxTailLines)
        steps[number]?.tail = lines
    }

    private static func append(_ line: String, to lines: inout [String], limit: Int) {
        if lines.count == limit { lines.removeFirst() }
        lines.append(line)
    }
}
