import Deploys
import Glibc
import Synchronization

/// Appends each line with one system call, so that it can be read at once and outlives the process.
/// No buffer is worth having: the kernel's takes a line in a microsecond or two.
final class FileBuildLogWriter: BuildLogWriter {
    private struct State {
        /// Nil once closed.
        var file: Int32?
        var writtenBytes = 0
        /// What comes past the limit; nil before it.
        var tail: LogTail?
        /// A full disk took a part of a line only.
        var isWithinLine = false
        var mask: LineMask
    }

    private let state: Mutex<State>
    private let maxBytes: Int
    private let maxEndBytes: Int
    private let secrets: SecretMask
    private let onChange: @Sendable () -> Void
    private let onClose: @Sendable () -> Void

    /// Begins the file anew.
    /// - Parameters:
    ///   - onChange: the file has grown.
    ///   - onClose: called once, when it grows no more.
    init(
        path: String, maxBytes: Int, maxEndBytes: Int = FileBuildLogs.maxEndBytes, mask: SecretMask,
        onChange: @escaping @Sendable () -> Void = {}, onClose: @escaping @Sendable () -> Void = {}
    ) throws(BuildLogError) {
        // NOFOLLOW: a link in the place of a log would have the build write elsewhere.
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            let cause = String(cString: strerror(errno))
            throw BuildLogError(sentence: "the build log \(path) can't be written: \(cause)")
        }
        state = Mutex(State(file: file, mask: LineMask(mask)))
        (self.maxBytes, self.maxEndBytes, secrets) = (maxBytes, maxEndBytes, mask)
        self.onChange = onChange
        self.onClose = onClose
    }

    deinit { close() }

    /// A line that the disk doesn't take is lost: a build does not fail for its log.
    func write(_ line: String) {
        let hasGrown = state.withLock { state in
            guard let file = state.file else { return false }
            guard state.tail == nil else {
                state.tail?.add(LogText.line(line))
                return false
            }
            let masked = Self.masked(LogText.line(line), &state.mask)
            guard state.writtenBytes + masked.utf8.count < maxBytes else {
                state.tail = LogTail(maxBytes: maxEndBytes)
                state.tail?.add(masked)
                let size = LogSize.text(maxBytes)
                append("[\(size) were printed; of what follows, the end is added when the build ends]", file, &state)
                return true
            }
            append(masked, file, &state)
            return true
        }
        if hasGrown { onChange() }
    }

    func close() {
        let wasOpen = state.withLock { state in
            guard let file = state.file else { return false }
            if let tail = state.tail { append(tail, file, &state) }
            Glibc.close(file)
            state.file = nil
            state.tail = nil
            return true
        }
        if wasOpen { onClose() }
    }

    /// A colour within a secret hides it from the mask, and from nobody who reads: then it is the colours that go.
    private static func masked(_ line: String, _ mask: inout LineMask) -> String {
        guard line.utf8.contains(0x1B) else { return mask.masked(line) }
        var coloured = mask
        let withColours = coloured.masked(line)
        let plain = mask.masked(LogText.plain(line))
        return LogText.plain(withColours) == plain ? withColours : plain
    }

    private func append(_ tail: LogTail, _ file: Int32, _ state: inout State) {
        if tail.droppedLines > 0 {
            let size = LogSize.text(tail.droppedBytes)
            append("[\(tail.droppedLines) lines (\(size)) were left out here]", file, &state)
        }
        // Past the limit, masking waits for what is kept.
        for line in LineMask.masked(tail.lines.map(LogText.plain), by: secrets) { append(line, file, &state) }
    }

    private func append(_ line: String, _ file: Int32, _ state: inout State) {
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        var rest = (state.isWithinLine ? [UInt8(ascii: "\n")] : bytes[..<0]) + bytes[...]
        let wholeCount = rest.count
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            state.writtenBytes += count
            rest = rest.dropFirst(count)
        }
        if rest.isEmpty { state.isWithinLine = false }
        else if rest.count < wholeCount { state.isWithinLine = true }
    }
}

/// Sizes as people read them.
enum LogSize {
    static func text(_ bytes: Int) -> String {
        let mebibytes = Double(bytes) / Double(1 << 20)
        if bytes < 1 << 10 { return "\(bytes) bytes" }
        if bytes < 1 << 20 { return "\(bytes >> 10) KiB" }
        let tenths = (mebibytes * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths)) MiB" : "\(tenths) MiB"
    }
}
