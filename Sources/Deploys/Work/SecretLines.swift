/// Takes a build's secrets out of what it says, wherever that goes, while it runs. Other secrets are taken out where
/// things are written down.
final class SecretLines: Sendable {
    private let mask: SecretMask?
    private let running: LockedValue<BrokenSecrets>

    init(_ secrets: BuildSecrets) {
        let values = secrets.values.values.sorted()
        // A program may print one line of a secret that has several.
        let parts = values.flatMap { [$0] + $0.split(whereSeparator: \.isNewline).map(String.init) }
        mask = parts.isEmpty ? nil : SecretMask(parts)
        running = LockedValue(BrokenSecrets(values))
    }

    /// Lines of a log, in their order: `#7 0.263 text`, or what has another form.
    func masked(_ line: String) -> String {
        guard let mask else { return line }
        return running.with { Self.masked(line, mask, &$0) }
    }

    func masked(_ error: BuildError) -> BuildError {
        guard let mask else { return error }
        return switch error {
        case .failed(let sentence, let tail): .failed(sentence: mask.masked(sentence), tail: masked(tail, mask))
        case .timedOut(let seconds, let tail): .timedOut(afterSeconds: seconds, tail: masked(tail, mask))
        case .engineUnavailable(let sentence): .engineUnavailable(mask.masked(sentence))
        case .diskFull(let sentence): .diskFull(mask.masked(sentence))
        case .noDockerfile, .cancelled: error
        }
    }

    private func masked(_ tail: [String], _ mask: SecretMask) -> [String] {
        var broken = running.with { $0.fromTheStart }
        return LineMask.masked(tail.map { Self.masked($0, mask, &broken) }, by: mask)
    }

    /// A colour within a secret hides it from the mask, and from nobody who reads: then it is the colours that go.
    private static func masked(_ line: String, _ mask: SecretMask, _ broken: inout BrokenSecrets) -> String {
        let plain = LogText.plain(line)
        let withoutRest = broken.masked(plain)
        let masked = mask.masked(withoutRest ?? plain)
        guard withoutRest == nil else { return masked }
        let coloured = mask.masked(line)
        return LogText.plain(coloured) == masked ? coloured : masked
    }
}

/// Secrets with line breaks, of which a log has each line by itself. Short ones are too common to be hidden anywhere;
/// behind the line before they are what is left of the secret.
struct BrokenSecrets {
    private let secrets: [[String]]
    /// By the step that prints: which line of which secret would come next.
    private var next: [Substring: [(secret: Int, line: Int)]] = [:]

    init(_ values: [String]) {
        let lines = values.map { $0.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) }
        secrets = lines.filter { $0.count > 1 }.map { $0.map(String.init) }
    }

    var fromTheStart: BrokenSecrets {
        var copy = self
        copy.next = [:]
        return copy
    }

    /// - Parameter line: without colours.
    /// - Returns: nil when no secret goes on in it.
    mutating func masked(_ line: String) -> String? {
        guard !secrets.isEmpty else { return nil }
        let head = line.prefixMatch(of: #/(#\d+) \d+\.\d+ /#)
        let (step, text) = (head?.1 ?? "", line[(head?.range.upperBound ?? line.startIndex)...])
        var hidden = 0
        var following: [(secret: Int, line: Int)] = []
        for place in next[step] ?? [] {
            let secret = secrets[place.secret]
            let (part, isLast) = (secret[place.line], place.line == secret.count - 1)
            guard isLast ? text.hasPrefix(part) : text == part else { continue }
            hidden = max(hidden, part.count)
            if !isLast { following.append((place.secret, place.line + 1)) }
        }
        for (index, secret) in secrets.enumerated() where text.hasSuffix(secret[0]) { following.append((index, 1)) }
        next[step] = following.isEmpty ? nil : following
        guard hidden > 0 else { return nil }
        return "\(line[..<text.startIndex])\(SecretMask.mark)\(text.dropFirst(hidden))"
    }
}
