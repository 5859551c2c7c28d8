import Glibc

/// Writes answers as RFC 9112 wants them. The server decides on the fields that frame a message; what a
/// handler says about them is dropped, so that no handler can make an answer that reads two ways.
struct ResponseEncoder {
    /// How the end of an answer is told.
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
        /// HTTP/1.0 knows no chunks.
        case untilClose
    }

    private var dateSecond = -1
    private var dateLine: [UInt8] = []

    /// What may be sent: a status that is final, and fields that cannot break out of their lines.
    static func isSendable(_ response: HTTPResponse) -> Bool {
        (200...599).contains(response.status)
            && response.headers.fields.allSatisfy { name, value in
                !name.isEmpty && name.utf8.allSatisfy(ByteClass.isToken)
                    && value.utf8.allSatisfy(ByteClass.isFieldValue)
            }
    }

    /// RFC 9110, section 6.4.1: some answers never have content.
    static func framing(of response: HTTPResponse, isHEAD: Bool) -> Framing {
        switch response.status {
        case 204, 304: return .none
        case 205: return .length(0)
        default: break
        }
        switch response.body {
        case .bytes(let bytes):
            // To HEAD a handler may tell the length without making the body.
            if isHEAD, bytes.isEmpty, let told = response.headers["Content-Length"] {
                return Int(told).map { $0 < 0 ? .none : .length($0) } ?? .none
            }
            return .length(bytes.count)
        case .stream:
            return isHEAD ? .none : .chunked
        }
    }

    mutating func appendHead(
        _ response: HTTPResponse, _ framing: Framing, isHTTP10: Bool = false, closes: Bool,
        to out: inout [UInt8]
    ) {
        out.append("HTTP/1.1 ")
        out.append(number: response.status)
        out.append(" ")
        out.append(HTTPStatus.phrase(response.status))
        out.append("\r\n")
        var hasDate = false
        for (name, value) in response.headers.fields where !Self.isOurs(name) {
            if name.utf8.count == 4, name.equalsIgnoringASCIICase("date") { hasDate = true }
            out.append(contentsOf: name.utf8)
            out.append(": ")
            out.append(contentsOf: value.utf8)
            out.append("\r\n")
        }
        if !hasDate { appendDate(to: &out) }
        switch framing {
        case .none, .untilClose: break
        case .length(let length):
            out.append("Content-Length: ")
            out.append(number: length)
            out.append("\r\n")
        case .chunked: out.append("Transfer-Encoding: chunked\r\n")
        }
        if closes {
            out.append("Connection: close\r\n")
        } else if isHTTP10 {
            out.append("Connection: keep-alive\r\n")
        }
        out.append("\r\n")
    }

    private static func isOurs(_ name: String) -> Bool {
        switch name.utf8.count {
        case 7: name.equalsIgnoringASCIICase("trailer") || name.equalsIgnoringASCIICase("upgrade")
        case 10:
            name.equalsIgnoringASCIICase("connection") || name.equalsIgnoringASCIICase("keep-alive")
        case 14: name.equalsIgnoringASCIICase("content-length")
        case 17: name.equalsIgnoringASCIICase("transfer-encoding")
        default: false
        }
    }

    /// The date changes once a second and its making costs more than the rest of the head.
    private mutating func appendDate(to out: inout [UInt8]) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        if now.tv_sec != dateSecond {
            dateSecond = now.tv_sec
            dateLine = Array("Date: \(Self.date(now.tv_sec))\r\n".utf8)
        }
        out.append(contentsOf: dateLine)
    }

    /// IMF-fixdate (RFC 9110, section 5.6.7) of seconds since 1970.
    static func date(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// In decimal, for numbers from 0.
    mutating func append(number: Int) {
        if number >= 10 { append(number: number / 10) }
        append(UInt8(0x30 + number % 10))
    }

    /// In hexadecimal, for numbers from 0.
    mutating func append(hexadecimal number: Int) {
        if number >= 16 { append(hexadecimal: number / 16) }
        let digit = UInt8(number % 16)
        append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
}
