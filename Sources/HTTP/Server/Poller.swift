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

        init(_ event: epoll_event) {
            id = event.data.u64
            isReadable = event.events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0
            isWritable = event.events & EPOLLOUT.rawValue != 0
            isHalfClosed = event.events & EPOLLRDHUP.rawValue != 0
            isBroken = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        }
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

    /// Waits for at most `milliseconds` (-1: for ever) and returns how many of `events` it has filled.
    func wait(milliseconds: Int32, _ events: UnsafeMutableBufferPointer<epoll_event>) -> Int {
        max(0, Int(epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds)))
    }
}
