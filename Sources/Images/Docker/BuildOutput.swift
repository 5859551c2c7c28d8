/// What `docker build --progress=plain` printed so far.
///
/// BuildKit prints `#4 [2/3] RUN make` when step 4 begins, then lines that begin with `#4`: `0.263 text`
/// for the step's output (with the seconds since it began), `CACHED`, `DONE 0.1s`, `CANCELED` or
/// `ERROR: reason`; steps that run side by side take turns. After a failure come blocks between `------`
/// and a last line with the error (BuildKit, util/progress/progressui/printer.go). Measured with the
/// client of Docker 20.10 and with buildx.
struct BuildOutput {
    private(set) var record = BuildRecord()
    private(set) var progress = StepProgress()
    /// The step whose output came last; a progress bar's line loses its prefix to a carriage return.
    private var speaking: Int?
    private var isInTrailer = false

    /// Takes the next line.
    /// - Returns: the line as a log should show it, with its colours; nil for lines that tell people nothing.
    mutating func take(_ line: String) -> String? {
        let shown = TerminalText.coloured(line)
        let text = TerminalText.clean(line)
        if text == "------", record.failedStep != nil { isInTrailer = true }
        if !isInTrailer, let (number, rest) = Self.split(text) {
            return note(rest, of: number) ? shown : nil
        }
        if !isInTrailer, let speaking, !text.isEmpty { record.keep(text, of: speaking) }
        record.say(text)
        if isInTrailer { record.notePlace(text) }
        return shown
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
        guard let name = record.name(of: number) else {
            if record.begin(number, String(text)) { progress.begin(number, String(text)) }
            return true
        }
        progress.take(text, of: number)
        if let match = text.wholeMatch(of: #/\d+\.\d+ (.*)/#) {
            record.keep(String(match.1), of: number)
            speaking = number
        } else if text.hasPrefix("ERROR: ") {
            record.fail(number, String(text.dropFirst("ERROR: ".count)))
        } else if text.hasPrefix("sha256:") {
            // The step's own digest, printed once by older clients.
            return false
        } else if text == name {
            // Told again when the step goes on after another one had its turn.
            return false
        }
        return true
    }
}
