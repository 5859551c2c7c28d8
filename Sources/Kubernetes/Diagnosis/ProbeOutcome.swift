/// What a health check met with.
enum ProbeOutcome: Hashable {
    case status(Int)
    case refused
    case timedOut
    case other(String)

    /// - Parameter message: of an `Unhealthy` event, behind “Readiness probe failed: ”. Only words depend
    ///   on it, no decision.
    init(message: String) {
        if let mark = message.range(of: "statuscode: "),
            let status = Int(message[mark.upperBound...].prefix(3))
        {
            self = .status(status)
        } else if message.contains("connection refused") {
            self = .refused
        } else if message.contains("imeout") || message.contains("timed out") || message.contains("deadline exceeded") {
            self = .timedOut
        } else {
            self = .other(Self.withoutAddress(message))
        }
    }

    /// `Get "http://10.244.0.9:8080/health": EOF` names an address that nobody will ever see.
    private static func withoutAddress(_ message: String) -> String {
        guard message.hasPrefix("Get \""), let end = message.range(of: "\": ") else { return message }
        return String(message[end.upperBound...])
    }
}
