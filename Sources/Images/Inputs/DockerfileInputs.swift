import Foundation
import JSON

/// What a build reads of its context, as far as its Dockerfile tells for certain. Where it does not, that is
/// everything: an image too many is built rather than one too few.
///
/// https://docs.docker.com/reference/dockerfile/
enum DockerfileInputs: Equatable {
    /// Files and folders with all that they hold, relative to the context, sorted.
    case paths([String])
    case everything
    /// What the image is made of can't be told from the commit, or each build shall be new.
    case unknown

    init(_ text: String) {
        if text.contains(ImageTarget.buildDate) {
            self = .unknown
            return
        }
        guard let instructions = DockerfileInstruction.read(text) else {
            // An ADD may bring something from elsewhere.
            self = text.uppercased().contains("ADD") ? .unknown : .everything
            return
        }
        var reader = Reader()
        for instruction in instructions { reader.take(instruction) }
        self = reader.result
    }

    private struct Reader {
        private var paths: Set<String> = []
        private var stages: Set<String> = ["scratch"]
        private var isEverything = false
        private var isUnknown = false
        private var hasBase = false

        /// A base image may bring instructions of its own (ONBUILD). Such images exist for Dockerfiles that copy
        /// nothing themselves, and are called so.
        var result: DockerfileInputs {
            if isUnknown { return .unknown }
            return isEverything || paths.isEmpty && hasBase ? .everything : .paths(paths.sorted())
        }

        mutating func take(_ instruction: DockerfileInstruction) {
            switch instruction.name {
            case "FROM": takeFrom(instruction.words)
            case "COPY", "ADD": takeCopy(instruction)
            case "RUN": takeRun(instruction.words)
            case "ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "SHELL",
                "STOPSIGNAL", "USER", "VOLUME", "WORKDIR":
                break
            default: isEverything = true
            }
        }

        /// `FROM [--platform=…] image [AS name]`
        private mutating func takeFrom(_ words: [String]) {
            let rest = words.drop { $0.hasPrefix("--") }
            guard let image = rest.first?.lowercased() else { return isEverything = true }
            if !stages.contains(image) { hasBase = true }
            if image.contains("onbuild") { isEverything = true }
            if rest.count == 3, let name = rest.last { stages.insert(name.lowercased()) }
        }

        /// `COPY [--flag[=value] …] source … destination`, or all but the flags as JSON.
        private mutating func takeCopy(_ instruction: DockerfileInstruction) {
            let flags = instruction.words.prefix { $0.hasPrefix("--") }
            if flags.contains(where: { $0.hasPrefix("--from=") }) { return }
            guard let sources = Self.sources(instruction.words.dropFirst(flags.count), instruction.text) else {
                if instruction.name == "ADD" { isUnknown = true }
                return isEverything = true
            }
            for source in sources {
                if instruction.name == "ADD", Self.isRemote(source) {
                    // Only a checksum says that it is the same each time.
                    if !flags.contains(where: { $0.hasPrefix("--checksum=") }) { isUnknown = true }
                    continue
                }
                guard let path = Self.path(source) else { return isEverything = true }
                paths.insert(path)
            }
        }

        /// Nil for what only a shell could read.
        private static func sources(_ words: ArraySlice<String>, _ text: String) -> [String]? {
            if words.first?.hasPrefix("[") == true {
                guard let start = text.firstIndex(of: "["), let list = try? JSON.parse(String(text[start...])),
                    let strings = list.array?.compactMap(\.string), strings.count == list.array?.count,
                    strings.count > 1,
                    !strings.contains(where: { $0.contains("$") || $0.contains("\\") })
                else { return nil }
                return Array(strings.dropLast())
            }
            let isPlain = words.allSatisfy { !$0.contains(where: { "$\"'\\<".contains($0) }) }
            return isPlain && words.count > 1 ? Array(words.dropLast()) : nil
        }

        private static func isRemote(_ source: String) -> Bool {
            source.contains("://") || source.hasPrefix("git@") || source.hasPrefix("github.com/")
                || source.hasSuffix(".git") || source.contains(".git#")
        }

        /// The folder above the first pattern; nil for the whole context.
        private static func path(_ source: String) -> String? {
            var parts: [Substring] = []
            for part in source.split(separator: "/") where part != "." {
                if part == ".." {
                    _ = parts.popLast()
                } else if part.contains(where: { "*?[]".contains($0) }) {
                    break
                } else {
                    parts.append(part)
                }
            }
            return parts.isEmpty ? nil : parts.joined(separator: "/")
        }

        /// A bind mount without `from` is of the context, and `bind` is what a mount is unless it says otherwise.
        private mutating func takeRun(_ words: [String]) {
            for flag in words.prefix(while: { $0.hasPrefix("--") }) where flag.hasPrefix("--mount") {
                let fields = flag.dropFirst("--mount=".count).split(separator: ",")
                let type = fields.first { $0.hasPrefix("type=") }?.dropFirst("type=".count) ?? "bind"
                let isElsewhere = fields.contains { $0.hasPrefix("from=") && $0.count > "from=".count }
                let isKnown = ["bind", "cache", "secret", "ssh", "tmpfs"].contains(type)
                if !isKnown || type == "bind" && !isElsewhere { isEverything = true }
            }
        }
    }
}
