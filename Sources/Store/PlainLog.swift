import Deploys
import Foundation
import Glibc
import Synchronization

/// A file of a log, as it stands. What was read from stays readable when the file is packed and removed meanwhile.
final class PlainLog: OpenLog {
    private let file: Int32
    private let path: String
    private let offset: Mutex<Int>
    /// Nil for bytes that are no lines.
    private let live: LiveLogs?

    /// Nil when there is no such file.
    init?(_ path: String, at offset: Int, live: LiveLogs?) {
        file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        self.path = path
        self.offset = Mutex(max(0, offset))
        self.live = live
    }

    deinit { Glibc.close(file) }

    var isGrowing: Bool { live?.isOpen(path) ?? false }

    func read(maxBytes: Int) async -> [UInt8] {
        await LogDisk.on(LogDisk.reading) { [self] in
            let isGrowing = isGrowing
            return offset.withLock { offset in
                let read = pieces(at: offset, maxBytes)
                let bytes = live == nil ? read : Self.whole(read, isGrowing: isGrowing, maxBytes)
                offset += bytes.count
                return bytes
            }
        }
    }

    /// Without the line that is not complete yet.
    private static func whole(_ bytes: [UInt8], isGrowing: Bool, _ maxBytes: Int) -> [UInt8] {
        if let last = bytes.lastIndex(of: UInt8(ascii: "\n")) { return Array(bytes[...last]) }
        return isGrowing && bytes.count < maxBytes ? [] : bytes
    }

    private func pieces(at offset: Int, _ maxBytes: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: maxBytes) { buffer, count in
            while count < maxBytes {
                let got = pread(file, buffer.baseAddress?.advanced(by: count), maxBytes - count, off_t(offset + count))
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
        }
    }

    func end(maxBytes: Int) async -> LogEnd {
        await LogDisk.on(LogDisk.reading) { [self] in
            var status = stat()
            let size = fstat(file, &status) == 0 ? Int(status.st_size) : 0
            let start = max(0, size - maxBytes)
            let bytes = pieces(at: start, maxBytes)
            // Half a line could be half a secret, which nobody would know.
            let whole = start == 0 ? bytes[...] : bytes.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
            return LogEnd(text: String(decoding: LogText.plain(Array(whole)), as: UTF8.self), isCut: start > 0)
        }
    }
}
