import Foundation
import HTTP

/// How long a server asks us to wait (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// Nil when it does not say. A moment is counted from the server's own `Date`, so that it does not matter what
    /// our clock says; without that field it is worth nothing.
    static func seconds(in headers: HTTPHeaders) -> Int? {
        guard let value = headers["Retry-After"]?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Int(value) { return max(seconds, 0) }
        guard let moment = date(value), let now = headers["Date"].flatMap(date) else { return nil }
        return max(Int(moment.timeIntervalSince(now).rounded(.up)), 0)
    }

    /// IMF-fixdate, and the two forms of old that recipients must accept (RFC 9110, section 5.6.7).
    static func date(_ text: String) -> Date? {
        for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(secondsFromGMT: 0)
            formatter.dateFormat = format
            if let date = formatter.date(from: text) { return date }
        }
        return nil
    }
}
