import CLinux
import Glibc

/// epoll(7), which any thread may use. What it watches is named by a number that the caller chooses.
final class Poller: Sendable {
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

    init() throws(HTTPServerError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else {
            throw .noDescriptors(reason: "epoll_create1: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// Reports as long as there is something to read.
    func watchReading(_ target: Int32, id: UInt64) -> Bool {
        add(target, id, EPOLLIN.rawValue)
    }

    /// Reports each change once, so that a connection needs one system call in all.
    func watchChanges(_ target: Int32, id: UInt64) -> Bool {
        add(target, id, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
    }

    private func add(_ target: Int32, _ id: UInt64, _ mask: UInt32) -> Bool {
        var event = epoll_event(events: mask, data: epoll_data_t(u64: id))
        return epoll_ctl(descriptor, EPOLL_CTL_ADD, target, &event) == 0
    }

    func unwatch(_ target: Int32) {
        var event = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, target, &event)
    }

    /// Waits for at most `milliseconds` (-1: for ever) and hands out what happened; `events` is room for
    /// what the kernel reports at once.
    func wait(
        milliseconds: Int32, _ events: UnsafeMutableBufferPointer<epoll_event>, _ handle: (Event) -> Void
    ) {
        let count = epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds)
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
