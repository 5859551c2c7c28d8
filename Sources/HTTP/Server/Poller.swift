import CLinux
import Glibc

/// epoll(7). What it watches is named by a number that the caller chooses.
struct Poller: ~Copyable {
    struct Event {
        let id: UInt64
        let isReadable: Bool
        let isWritable: Bool
        /// The peer has ended its sending side.
        let isHalfClosed: Bool
        /// Nothing can be sent or received any more.
        let isBroken: Bool
    }

    private let descriptor: Int32
    private let maxEvents = 512
    private let events: UnsafeMutablePointer<epoll_event>

    init() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(descriptor >= 0, "epoll_create1: \(String(cString: strerror(errno)))")
        events = .allocate(capacity: maxEvents)
    }

    deinit {
        close(descriptor)
        events.deallocate()
    }

    /// Reports as long as there is something to read.
    borrowing func watchReading(_ target: Int32, id: UInt64) -> Bool {
        add(target, id, EPOLLIN.rawValue)
    }

    /// Reports each change once, so that a connection needs one system call in all.
    borrowing func watchChanges(_ target: Int32, id: UInt64) -> Bool {
        add(target, id, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
    }

    private borrowing func add(_ target: Int32, _ id: UInt64, _ mask: UInt32) -> Bool {
        var event = epoll_event(events: mask, data: epoll_data_t(u64: id))
        return epoll_ctl(descriptor, EPOLL_CTL_ADD, target, &event) == 0
    }

    borrowing func unwatch(_ target: Int32) {
        var event = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, target, &event)
    }

    /// Waits for at most `milliseconds` (-1: for ever) and hands out what happened.
    borrowing func wait(milliseconds: Int32, _ handle: (Event) -> Void) {
        let count = epoll_wait(descriptor, events, Int32(maxEvents), milliseconds)
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let mask = events[index].events
            handle(
                Event(
                    id: events[index].data.u64,
                    isReadable: mask & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0,
                    isWritable: mask & EPOLLOUT.rawValue != 0,
                    isHalfClosed: mask & EPOLLRDHUP.rawValue != 0,
                    isBroken: mask & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0))
        }
    }
}
