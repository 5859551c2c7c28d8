/// Finds the line of a step whose place BuildKit did not tell (engines before 23 never do).
enum DockerfileLines {
    /// - Parameter step: an instruction as BuildKit shows it, continued lines joined: `RUN make`.
    /// - Returns: the line, counted from 1, where the instruction begins; nil unless exactly one is the same.
    static func line(of step: String, in dockerfile: String) -> Int? {
        let wanted = words(step)
        var found: Int?
        var start: Int?
        var instruction = ""
        for (index, raw) in dockerfile.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated()
        {
            let line = raw.trimmingPrefix { $0 == " " || $0 == "\t" }
            // Comments may stand between the lines of one instruction.
            if line.isEmpty || line.hasPrefix("#") { continue }
            if start == nil { start = index + 1 }
            instruction += line
            if instruction.hasSuffix("\\") {
                instruction.removeLast()
                instruction += " "
                continue
            }
            if words(instruction) == wanted {
                if found != nil { return nil }
                found = start
            }
            start = nil
            instruction = ""
        }
        return found
    }

    /// Spaces don't count, as BuildKit joins lines in its own way; nor does the instruction's case.
    private static func words(_ instruction: String) -> [String] {
        var words = instruction.split { $0 == " " || $0 == "\t" }.map(String.init)
        if !words.isEmpty { words[0] = words[0].uppercased() }
        return words
    }
}
