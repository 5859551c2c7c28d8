import CCurl
import Glibc

/// The sockets that libcurl has open for one client. Used by that client's thread only.
final class HTTPClientSockets {
    private var open: Set<Int32> = []

    /// Less than a time limit: a request is sent a moment after its transfer has begun.
    private static let tolerance: Duration = .milliseconds(100)

    /// Ends the connection of this local port if nothing at all has come in on it for so long: its other end has
    /// vanished, and whoever came next would wait there, too (libcurl hands requests to it as long as it is open).
    func leave(localPort port: Int, silentFor limit: Duration) {
        for number in open where curl_socket_port(number) == port {
            let silence = curl_socket_silence(number)
            if silence >= 0, .milliseconds(silence) >= limit - Self.tolerance { shutdown(number, Int32(SHUT_RDWR)) }
        }
    }

    /// Has libcurl tell us of a transfer's sockets. We must outlive the multi handle.
    func observe(_ easy: UnsafeMutableRawPointer) -> CURLcode {
        curl_set_socket_functions(
            easy,
            { me, _, address in
                let number = curl_open_socket(address)
                if let me, number >= 0 { HTTPClientSockets.from(me).open.insert(number) }
                return number
            },
            { me, number in
                if let me { HTTPClientSockets.from(me).open.remove(number) }
                return close(number)
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    private static func from(_ me: UnsafeMutableRawPointer) -> HTTPClientSockets {
        Unmanaged<HTTPClientSockets>.fromOpaque(me).takeUnretainedValue()
    }
}
