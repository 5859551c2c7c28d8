import CLinux
import Foundation
import Synchronization

/// Where a signal handler writes, and a thread that reads it. A handler may do little more than write(2)
/// (signal-safety(7)).
enum SignalPipe {
    private static let stackBytes = 64 << 10

    /// - Parameters:
    ///   - thread: what the reading thread is called.
    ///   - onSignal: called for each byte; reading ends when it returns false, or when the write end is closed.
    /// - Returns: the write end.
    /// - Throws: a sentence when the process has no file descriptors left.
    static func open(thread name: String, onSignal: @escaping @Sendable () -> Bool) throws -> Int32 {
        var (readEnd, writeEnd): (Int32, Int32) = (-1, -1)
        let error = linux_pipe(&readEnd, &writeEnd)
        guard error == 0 else {
            throw InputProblem("Signals cannot be waited for: \(String(cString: strerror(error))).")
        }
        let thread = Thread { [readEnd] in
            var byte: UInt8 = 0
            while true {
                let count = read(readEnd, &byte, 1)
                if count < 0 && errno == EINTR { continue }
                guard count > 0, onSignal() else { break }
            }
            close(readEnd)
        }
        thread.name = name
        thread.stackSize = stackBytes
        thread.start()
        return writeEnd
    }

    /// For handlers.
    static func ring(_ writeEnd: borrowing Atomic<Int32>) {
        // Whatever was interrupted may be about to read its own.
        let interrupted = errno
        defer { errno = interrupted }
        var byte: UInt8 = 1
        _ = write(writeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
    }
}
