import Dispatch
import Foundation

/// The bearer token of the moment.
actor TokenSource {
    /// A token file is read again at least this often.
    static let maxAge: Duration = .seconds(60)

    private let credential: KubernetesConnection.Credential
    private let now: @Sendable () -> ContinuousClock.Instant
    private var cached: (token: String, readAt: ContinuousClock.Instant)?

    init(
        _ credential: KubernetesConnection.Credential, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.credential = credential
        self.now = now
    }

    /// Nil when the connection needs none.
    func token() async throws(KubernetesError) -> String? {
        switch credential {
        case .none: return nil
        case .token(let token): return token
        case .tokenFile(let path):
            let moment = now()
            if let cached, moment - cached.readAt < Self.maxAge { return cached.token }
            guard let text = await Self.read(path) else {
                // A token that was good a minute ago is better than none.
                if let cached { return cached.token }
                throw .unreachable("the token file \(path) cannot be read")
            }
            cached = (text, moment)
            return text
        }
    }

    /// The server refused the token: the next one is read afresh.
    /// - Returns: whether that can make a difference.
    func refused() -> Bool {
        guard case .tokenFile = credential else { return false }
        cached = nil
        return true
    }

    /// On a thread of Dispatch's: file systems can hang.
    private static func read(_ path: String) async -> String? {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let text = try? String(contentsOfFile: path, encoding: .utf8)
                let token = text?.trimmingCharacters(in: .whitespacesAndNewlines)
                continuation.resume(returning: token?.isEmpty == false ? token : nil)
            }
        }
    }
}
