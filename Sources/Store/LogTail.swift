/// The last lines of what goes past a log's limit.
struct LogTail {
    private var kept: [String] = []
    /// The first of `kept` that counts.
    private var start = 0
    private var bytes = 0
    private let maxBytes: Int
    private(set) var droppedLines = 0
    private(set) var droppedBytes = 0

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// Oldest first.
    var lines: [String] { Array(kept[start...]) }

    mutating func add(_ line: String) {
        kept.append(line)
        bytes += Self.size(line)
        while bytes > maxBytes, start < kept.count {
            let size = Self.size(kept[start])
            kept[start] = ""
            start += 1
            bytes -= size
            droppedLines += 1
            droppedBytes += size
        }
        guard start > 1_024, start > kept.count / 2 else { return }
        kept.removeFirst(start)
        start = 0
    }

    /// With its newline.
    private static func size(_ line: String) -> Int { line.utf8.count + 1 }
}
