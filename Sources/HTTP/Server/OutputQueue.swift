import Glibc

/// Bytes on their way to one socket. Small pieces are joined, so that an answer, or several that are
/// ready together, leave in one system call; a large body is sent from where it lies.
struct OutputQueue {
    /// Up to this size copying costs less than another system call.
    private static let maxJoinedBytes = 16 << 10
    /// Up to this size a connection keeps its storage while it is idle.
    private static let maxKeptBytes = 4 << 10

    private var segments: [[UInt8]] = []
    private var first = 0
    private var sentOfFirst = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Lets `write` append to the last segment.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        if segments.isEmpty || segments[segments.count - 1].count >= Self.maxJoinedBytes {
            segments.append([])
        }
        let last = segments.count - 1
        let before = segments[last].count
        write(&segments[last])
        count += segments[last].count - before
    }

    mutating func append(_ bytes: [UInt8]) {
        guard bytes.count > Self.maxJoinedBytes else {
            return append { $0.append(contentsOf: bytes) }
        }
        segments.append(bytes)
        count += bytes.count
    }

    enum Progress {
        case all
        case blocked
        case broken
    }

    /// Sends what the socket takes; `sent` grows by that many bytes.
    mutating func flush(_ descriptor: Int32, sent: inout Int) -> Progress {
        while count > 0 {
            let isLast = first == segments.count - 1
            // MSG_NOSIGNAL: a peer that went away must not end the process with SIGPIPE.
            let flags = Int32(MSG_NOSIGNAL) | (isLast ? 0 : Int32(MSG_MORE))
            let result = segments[first].withUnsafeBytes { bytes in
                send(
                    descriptor, bytes.baseAddress?.advanced(by: sentOfFirst),
                    bytes.count - sentOfFirst, flags)
            }
            if result < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN ? .blocked : .broken
            }
            sent += result
            count -= result
            sentOfFirst += result
            if sentOfFirst == segments[first].count { dropFirst() }
        }
        return .all
    }

    /// Lets go of what is sent, but keeps a small last segment's storage for the next answer.
    private mutating func dropFirst() {
        sentOfFirst = 0
        if first < segments.count - 1 {
            segments[first] = []
            first += 1
            return
        }
        var last = segments.removeLast()
        segments.removeAll(keepingCapacity: true)
        first = 0
        guard last.capacity <= Self.maxKeptBytes else { return }
        last.removeAll(keepingCapacity: true)
        segments.append(last)
    }
}
