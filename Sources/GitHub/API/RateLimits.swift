import Foundation
import HTTP
import JSON
import Synchronization

/// Until when GitHub wants to hear nothing of an account, so that nobody asks before: whoever goes on asking
/// risks to be banned (docs.github.com, "Rate limits for the REST API", "Exceeding the rate limit").
final class RateLimits: Sendable {
    /// After a refusal that does not say for how long; doubled each time in a row.
    static let firstPauseSeconds: TimeInterval = 60
    static let maxPauseSeconds: TimeInterval = 3_600
    /// Accounts whose pauses are remembered: one for each installation.
    static let maxAccounts = 1_000

    private struct Pause {
        var until = Date.distantPast
        var refusals = 0
    }

    private let pauses = Mutex<[String: Pause]>([:])

    /// Nil when requests may be sent.
    func pause(of account: String, now: Date) -> Date? {
        pauses.withLock { pauses in
            guard let pause = pauses[account], pause.until > now else { return nil }
            return pause.until
        }
    }

    /// Looks at what an answer says about limits.
    /// - Returns: until when to wait, when the answer is a refusal for that reason.
    func note(_ response: HTTPClientResponse, of account: String, now: Date) -> Date? {
        let isRefusal = Self.isRefusal(response)
        let isUsedUp = response.headers["x-ratelimit-remaining"] == "0"
        return pauses.withLock { pauses in
            if !isRefusal, !isUsedUp {
                if response.status < 400, pauses[account]?.until ?? now <= now { pauses[account] = nil }
                return nil
            }
            if pauses.count >= Self.maxAccounts { pauses = pauses.filter { $0.value.until > now } }
            var pause = pauses[account] ?? Pause()
            if isRefusal { pause.refusals += 1 }
            let seconds = Self.seconds(response, refusals: pause.refusals, now: now)
            pause.until = max(pause.until, now.addingTimeInterval(seconds))
            pauses[account] = pause
            return isRefusal ? pause.until : nil
        }
    }

    /// The clock that counts is GitHub's, as its field `Date` tells it: ours may be wrong.
    private static func seconds(_ response: HTTPClientResponse, refusals: Int, now: Date) -> TimeInterval {
        let headers = response.headers
        if let seconds = headers["Retry-After"].flatMap({ TimeInterval($0) }) {
            return min(max(seconds, 1), maxPauseSeconds)
        }
        if headers["x-ratelimit-remaining"] == "0",
            let reset = headers["x-ratelimit-reset"].flatMap({ TimeInterval($0) })
        {
            let theirNow = GitHubTime.field(headers["Date"]) ?? now
            return min(max(reset - theirNow.timeIntervalSince1970, 1), maxPauseSeconds)
        }
        return min(firstPauseSeconds * pow(2, Double(max(refusals, 1) - 1)), maxPauseSeconds)
    }

    private static func isRefusal(_ response: HTTPClientResponse) -> Bool {
        switch response.status {
        case 429: return true
        case 403:
            let headers = response.headers
            if headers["Retry-After"] != nil || headers["x-ratelimit-remaining"] == "0" { return true }
            // A secondary limit without any of these fields differs from a missing permission in its words
            // alone.
            let body = try? JSON.parse(response.body)
            let words = [body?["message"]?.string, body?["documentation_url"]?.string].compactMap { $0?.lowercased() }
            return words.contains { $0.contains("secondary rate") || $0.contains("secondary-rate") }
        default: return false
        }
    }
}
