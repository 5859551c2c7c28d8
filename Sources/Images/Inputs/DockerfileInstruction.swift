/// An instruction of a Dockerfile, its lines joined.
struct DockerfileInstruction: Equatable {
    /// In upper case: `COPY`.
    let name: String
    /// Behind the name.
    let text: String
    var words: [String] { text.split { $0 == " " || $0 == "\t" }.map(String.init) }

    /// Nil for a Dockerfile that another frontend reads, or that needs more than is read here: another escape
    /// character, here-documents.
    static func read(_ dockerfile: String) -> [DockerfileInstruction]? {
        var lines = dockerfile.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        guard hasUsualDirectives(lines) else { return nil }
        var instructions: [DockerfileInstruction] = []
        while let first = lines.popFirst() {
            var line = trimmed(first)
            if line.isEmpty || line.hasPrefix("#") { continue }
            var whole = ""
            while line.hasSuffix("\\") {
                whole += line.dropLast() + " "
                // Comments and empty lines may stand between the lines of one instruction.
                line = ""
                while let next = lines.popFirst() {
                    line = trimmed(next)
                    if !line.isEmpty, !line.hasPrefix("#") { break }
                    line = ""
                }
            }
            whole += line
            if whole.contains("<<") { return nil }
            let name = whole.prefix { $0 != " " && $0 != "\t" }
            instructions.append(
                DockerfileInstruction(name: name.uppercased(), text: trimmed(whole.dropFirst(name.count))))
        }
        return instructions
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text).drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }

    /// Comments at the top may choose the frontend and the escape character
    /// (https://docs.docker.com/reference/dockerfile/#parser-directives). Only Docker's own frontend is known.
    private static func hasUsualDirectives(_ lines: ArraySlice<Substring>) -> Bool {
        for line in lines.map({ trimmed($0) }) {
            if line.isEmpty { continue }
            if line.hasPrefix("//") || line.hasPrefix("{") { return false }
            guard line.hasPrefix("#") else { return true }
            let parts = line.dropFirst().split(separator: "=", maxSplits: 1).map { trimmed($0) }
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased() {
            case "escape" where parts[1] != "\\": return false
            case "syntax":
                let image = parts[1].trimmingPrefix("docker.io/")
                guard image == "docker/dockerfile" || image.hasPrefix("docker/dockerfile:") else { return false }
            default: continue
            }
        }
        return true
    }
}
