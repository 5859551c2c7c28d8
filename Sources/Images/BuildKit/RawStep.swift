import Deploys
import Subprocess

/// A step of a build on BuildKit: a vertex, or a group of them. It may be worked on several times, as when it is looked
/// up in the cache first.
struct RawStep {
    private struct Member {
        var isWeak: Bool
        var hasBegun = false
        var isRunning = false
        var isCached = false
    }

    let name: String
    /// By which log lines speak of it; nil until it begins.
    var number: Int?
    private(set) var error: String?
    private var members: [String: Member] = [:]
    /// When work on it began, and how long it took; nil while it goes on.
    private var spans: [Double: Double?] = [:]
    private(set) var lastBegin: Double?
    private(set) var lastLog: Double?
    /// Its end was told, and nothing happened since.
    var isToldEnd = false
    /// Lines that are not complete yet, by the program's stream.
    private var lines: [Int: LineSplitter] = [:]

    private static let maxSpans = 100
    private static let maxMembers = 200
    private static let maxStreams = 8
    /// A look into the cache takes less, and work may follow.
    private static let maxLookSeconds = 0.001

    init(name: String) { self.name = name }

    /// - Returns: whether it begins once more, or for the first time.
    mutating func take(_ vertex: RawStatus.Vertex) -> Bool {
        guard members[vertex.digest] != nil || members.count < Self.maxMembers else { return false }
        var member = members[vertex.digest] ?? Member(isWeak: vertex.group?.isWeak ?? false)
        var begins = false
        if let started = vertex.started, spans[started] != nil || spans.count < Self.maxSpans {
            begins = spans[started] == nil
            spans[started] = .some(vertex.completed.map { max(0, $0 - started) })
            lastBegin = max(lastBegin ?? started, started)
            member.hasBegun = true
            member.isRunning = vertex.completed == nil
        } else if vertex.completed != nil {
            member.isRunning = false
        }
        member.isCached = vertex.isCached
        members[vertex.digest] = member
        if error == nil { error = vertex.error }
        if begins { isToldEnd = false }
        return begins
    }

    /// Whether people should hear of it.
    var isVisible: Bool { error != nil || members.values.contains { $0.hasBegun && !$0.isWeak } }

    var isEnded: Bool {
        error != nil || (!members.isEmpty && members.values.allSatisfy { $0.hasBegun && !$0.isRunning })
    }

    /// Whether it may only have been looked up.
    var mayGoOn: Bool { error == nil && !isCached && seconds < Self.maxLookSeconds }

    private var isCached: Bool { members.values.allSatisfy(\.isCached) }

    /// Of work; what was done side by side counts once.
    private var seconds: Double {
        var total = 0.0
        var reached = -Double.infinity
        for (start, length) in spans.sorted(by: { $0.key < $1.key }) {
            let end = start + (length ?? 0)
            total += max(0, end - max(start, reached))
            reached = max(reached, end)
        }
        return total
    }

    /// `CACHED`, `DONE 0.3s`, `ERROR: …`, `CANCELED`
    var ending: String {
        if let error { return BuildRecord.isBrokenOff(error) ? "CANCELED" : "ERROR: " + Self.line(error) }
        return isCached ? "CACHED" : "DONE \(Decimals.text(seconds, digits: 1))s"
    }

    static func line(_ text: String) -> String {
        TerminalText.clean(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    // MARK: output

    mutating func take(_ log: RawStatus.Log, _ deliver: (String) -> Void) {
        guard lines[log.stream] != nil || lines.count < Self.maxStreams else { return }
        lastLog = log.timestamp
        lines[log.stream, default: LineSplitter()].take(log.data, deliver)
    }

    mutating func finishLines(_ deliver: (String) -> Void) {
        for stream in lines.keys.sorted() { lines[stream]?.finish(deliver) }
        lines = [:]
    }

    /// How long after its begin, as BuildKit writes it: `0.263`, `12.34`, `123.4`.
    func clock(_ timestamp: Double) -> String {
        let seconds = max(0, timestamp - (lastBegin ?? timestamp))
        return Decimals.text(seconds, digits: seconds < 10 ? 3 : seconds < 100 ? 2 : 1)
    }
}

enum Decimals {
    /// `text(0.25, digits: 1)` is `0.2` or `0.3`, as near as binary numbers are.
    static func text(_ value: Double, digits: Int) -> String {
        let scale = [1.0, 10, 100, 1_000][min(max(digits, 0), 3)]
        let whole = Int((min(max(value, 0), 1e12) * scale).rounded())
        let unit = Int(scale)
        guard digits > 0 else { return String(whole) }
        let rest = String(whole % unit)
        return "\(whole / unit)." + String(repeating: "0", count: max(0, digits - rest.count)) + rest
    }

    /// In decimal units, as BuildKit writes them: `1.98MB`.
    static func bytes(_ count: Double) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = max(count, 0)
        var index = 0
        while value >= 1_000, index < units.count - 1 {
            value /= 1_000
            index += 1
        }
        return text(value, digits: index == 0 ? 0 : 2) + units[index]
    }
}
