import CLinux
import Glibc

/// A file descriptor that is closed exactly once: when its owner lets go of it.
struct Descriptor: ~Copyable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit { close(number) }

    /// Reads and writes then fail with EAGAIN instead of waiting.
    borrowing func setNonBlocking() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }
}

struct Pipe: ~Copyable {
    var readEnd: Descriptor?
    var writeEnd: Descriptor?

    init() throws(Errno) {
        var read: Int32 = -1
        var write: Int32 = -1
        let error = linux_pipe(&read, &write)
        guard error == 0 else { throw Errno(code: error) }
        readEnd = Descriptor(owning: read)
        writeEnd = Descriptor(owning: write)
    }
}

/// A flag that any thread can raise once and that `poll` can wait for.
final class Wakeup: Sendable {
    let number: Int32

    init() throws(Errno) {
        number = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw Errno(code: errno) }
    }

    deinit { close(number) }

    func signal() { eventfd_write(number, 1) }

    var wasSignalled: Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }
}

struct Errno: Error {
    let code: Int32
    var sentence: String { String(cString: strerror(code)) }
}
