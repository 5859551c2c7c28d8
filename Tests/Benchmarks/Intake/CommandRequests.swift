import Crypto
import Foundation

/// Signed slash commands as Slack sends them, each another one, written out before the clock starts.
struct CommandRequests: Sendable {
    /// All requests, one after the other.
    let bytes: [UInt8]
    /// Where each begins; the last one says where all end.
    let offsets: [Int]

    var count: Int { offsets.count - 1 }

    /// - Parameters:
    ///   - text: of the command with that number, as `deploy cats test main`.
    ///   - run: tells these requests from all others, so that none is taken for one that came before.
    init(count: Int, run: String, secret: String, text: (Int) -> String) {
        let key = HMACKey(Array(secret.utf8))
        let timestamp = String(Int64(Date.now.timeIntervalSince1970))
        let (signed, behindSignature) = (Array("v0:\(timestamp):".utf8), Array(Self.headBehindSignature(timestamp).utf8))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 1_000)
        var offsets = [0]
        for number in 0..<count {
            let body = Self.fieldsBeforeText + text(number).replacing(" ", with: "+").utf8
                + Self.fieldsBehindText + "\(run).\(number)".utf8
            bytes += Self.headBeforeSignature
            bytes += hex(key.authenticate(signed, body)).utf8
            bytes += behindSignature
            bytes += "\(body.count)\r\n\r\n".utf8
            bytes += body
            offsets.append(bytes.count)
        }
        (self.bytes, self.offsets) = (bytes, offsets)
    }

    private static let headBeforeSignature = Array(
        """
        POST /slack/commands HTTP/1.1\r
        Host: localhost\r
        User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r
        Accept-Encoding: gzip,deflate\r
        Accept: application/json,*/*\r
        X-Slack-Signature: v0=
        """.utf8)

    private static func headBehindSignature(_ timestamp: String) -> String {
        """
        \r
        X-Slack-Request-Timestamp: \(timestamp)\r
        Content-Type: application/x-www-form-urlencoded\r
        Content-Length: 
        """
    }

    /// The fields that Slack sends (docs.slack.dev, "Implementing slash commands").
    private static let fieldsBeforeText = Array(
        ("token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T1&team_domain=iterate&channel_id=C1&channel_name=iterapp-logs"
            + "&user_id=U1&user_name=kari&command=%2Fiterapp&text=").utf8)
    private static let fieldsBehindText = Array(
        ("&api_app_id=A1&is_enterprise_install=false"
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F1%2Fx&trigger_id=").utf8)
}
