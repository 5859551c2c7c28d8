import Glibc

/// How many connections a process can hold without using up its file descriptors.
///
/// The settings' limits alone do not do: where only 1,024 descriptors are allowed, as is usual, idle
/// clients would take those that the program needs for its files, pipes and own requests. Without any,
/// libdispatch even ends the process (it opens `/proc/{tid}/stat` of its workers and traps on failure).
package struct ConnectionRoom: Equatable {
    let maxConnections: Int
    let maxRefusedConnections: Int

    init(_ settings: HTTPServerSettings, descriptors: Int) {
        let room = descriptors - min(settings.reservedDescriptors, descriptors / 2)
        maxRefusedConnections = min(settings.maxRefusedConnections, room / 4)
        maxConnections = min(settings.maxConnections, room - maxRefusedConnections)
    }

    /// More would only lengthen tables: it is enough for the most connections, and all that works beside them.
    private static let maxDescriptors: rlim_t = 65_536

    /// Takes for this process what the operating system would give it: the usual limit of 1,024 is for programs that
    /// use select(2), and may be raised by everybody up to a second one (getrlimit(2)). Programs that are started
    /// later have it, too.
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, maxDescriptors))
        setrlimit(resource, &limit)
    }

    /// What the operating system allows this process now.
    static var descriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: limit.rlim_cur)
    }
}
