import CLinux
import Foundation
import Glibc

/// A flag that any thread can raise once and that ends waiting.
final class NATSInterrupt: Sendable {
    let number: Int32

    init() {
        number = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        // Without a descriptor, `poll` skips the entry: waiting then ends with its deadline.
    }

    deinit { if number >= 0 { close(number) } }

    func raise() { eventfd_write(number, 1) }

    /// - Returns: whether it was raised; else the time is over.
    func wait(for time: Duration) -> Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, Int32(time / .milliseconds(1))) == 1
    }
}
