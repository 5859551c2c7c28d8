import CLinux
import Glibc

/// Sockets that listen and connections that come in over them. Descriptors are plain numbers here; the
/// event loop that is given one closes it.
enum ListeningSocket {
    /// How many connections the kernel completes ahead of us; it cuts this to `net.core.somaxconn`.
    private static let maxBacklogConnections: Int32 = 4_096

    /// Binds and listens, without blocking and closed on exec. Returns the descriptor and the port.
    static func open(host: String, port: Int) throws(HTTPServerError) -> (descriptor: Int32, port: Int) {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let address = bare.contains(":") ? "[\(bare)]:\(port)" : "\(bare):\(port)"
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(bare, String(port), &hints, &list)
        guard status == 0, let found = list else {
            throw .unknownHost(host: host, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(
            found.pointee.ai_family,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw error(errno, address) }
        setOption(descriptor, SOL_SOCKET, SO_REUSEADDR)
        guard bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            listen(descriptor, maxBacklogConnections) == 0
        else {
            let code = errno
            close(descriptor)
            throw error(code, address)
        }
        return (descriptor, localPort(descriptor))
    }

    private static func error(_ code: Int32, _ address: String) -> HTTPServerError {
        switch code {
        case EADDRINUSE: .addressTaken(address: address)
        case EACCES, EPERM: .notPermitted(address: address)
        default: .cannotListen(address: address, reason: String(cString: strerror(code)))
        }
    }

    static func setOption(_ descriptor: Int32, _ level: Int32, _ name: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, level, name, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func localPort(_ descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(descriptor, $0, &length)
            }
            // The port stands at the same place in both families, in network order.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }

    enum Accepted {
        case connection(descriptor: Int32, peer: String)
        case nothing
        /// No descriptors or memory left: trying again at once would only burn the processor.
        case exhausted
    }

    static func accept(_ listener: Int32) -> Accepted {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                while true {
                    let descriptor = linux_accept(listener, address, &length)
                    if descriptor >= 0 {
                        setOption(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
                        return .connection(descriptor: descriptor, peer: text(address, length))
                    }
                    switch errno {
                    case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
                    case EAGAIN: return .nothing
                    // The connection broke while it waited; the next one may be well (accept(2)).
                    case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET,
                        EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
                        continue
                    default: return .exhausted
                    }
                }
            }
        }
    }

    /// The address without port; an IPv4 client of an IPv6 socket is shown as the IPv4 client it is.
    private static func text(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String {
        var bytes = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(
                address, length, &bytes, socklen_t(bytes.count), nil, 0, NI_NUMERICHOST) == 0
        else { return "unknown" }
        let text = bytes.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
    }
}
