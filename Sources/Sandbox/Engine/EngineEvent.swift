import JSON

/// Something that happened to a container (`SystemEvents`).
package struct EngineEvent: Sendable, Equatable {
    /// `start`, `die`, `oom`, `kill`, `destroy`, …
    package var action: String
    package var containerID: String
    package var labels: [String: String]

    init?(json: JSON) {
        guard let action = json["Action"]?.string, let actor = json["Actor"], let id = actor["ID"]?.string
        else { return nil }
        self.action = action
        containerID = id
        labels = (actor["Attributes"]?.object ?? [:]).compactMapValues(\.string)
    }
}

/// Cuts a stream of bytes into lines: the engine sends one JSON object a line, in chunks of its own size.
struct LineSplitter {
    /// A longer line is dropped: no event or progress line comes near it.
    static let maxLineBytes = 1 << 20

    private var rest: [UInt8] = []
    private var overflowed = false

    mutating func add(_ chunk: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in chunk {
            if byte == UInt8(ascii: "\n") {
                if !rest.isEmpty, !overflowed { lines.append(rest) }
                rest = []
                overflowed = false
            } else if rest.count < Self.maxLineBytes {
                rest.append(byte)
            } else {
                overflowed = true
            }
        }
        return lines
    }

    /// What came after the last newline.
    mutating func finish() -> [UInt8]? {
        defer { rest = [] }
        return rest.isEmpty || overflowed ? nil : rest
    }
}
