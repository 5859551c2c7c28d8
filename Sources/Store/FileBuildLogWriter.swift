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
        var isCut = false
        /// A full disk took a part of a line only.
        var isWithinLine = false
        var mask: LineMask
    }

    private let state: Mutex<State>
    private let maxBytes: Int

    /// Begins the file anew.
    init(path: String, maxBytes: Int, mask: SecretMask) throws(BuildLogError) {
        // NOFOLLOW: a link in the place of a log would have the build write elsewhere.
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            let cause = String(cString: strerror(errno))
            throw BuildLogError(sentence: "the build log \(path) can't be written: \(cause)")
        }
        state = Mutex(State(file: file, mask: LineMask(mask)))
        self.maxBytes = maxBytes
    }

    deinit { close() }

    /// A line that the disk doesn't take is lost: a build does not fail for its log.
    func write(_ line: String) {
        state.withLock { state in
            guard let file = state.file, !state.isCut else { return }
            let bytes = Array(state.mask.masked(line).utf8) + [UInt8(ascii: "\n")]
            guard state.writtenBytes + bytes.count <= maxBytes else {
                state.isCut = true
                let note = "[the log was cut here: it reached its limit of \(maxBytes) bytes]\n"
                append(Array(note.utf8), file, &state)
                return
            }
            append(bytes, file, &state)
        }
    }

    func close() {
        state.withLock { state in
            guard let file = state.file else { return }
            Glibc.close(file)
            state.file = nil
        }
    }

    private func append(_ line: [UInt8], _ file: Int32, _ state: inout State) {
        var rest = (state.isWithinLine ? [UInt8(ascii: "\n")] : line[..<0]) + line[...]
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
