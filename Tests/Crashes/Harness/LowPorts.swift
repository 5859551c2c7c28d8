import Glibc
import Synchronization
import TestSupport

/// Ports below those that the kernel gives away by itself (ip(7), `ip_local_port_range`): while the service is down,
/// nobody takes its port for a connection.
enum LowPorts {
    private static let range = 15_000..<32_000
    private static let used = Mutex<Set<Int>>([])

    /// - Returns: one that nobody listens at, each time another.
    static func next() throws -> Int {
        for _ in 0..<1_000 {
            let port = Int.random(in: range)
            if used.withLock({ $0.insert(port).inserted }), isFree(port) { return port }
        }
        throw TestFailure("no port below \(range.upperBound) is free")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
