import Synchronization

/// Answers that were marked with an ETag, to ask whether they still hold: GitHub's "not modified" costs
/// nothing of the rate limit (docs.github.com, "Best practices for using the REST API", "Use conditional
/// requests").
final class AnswerCache: Sendable {
    static let maxAnswers = 2_000
    static let maxBytes = 16 << 20
    /// A larger one is not kept.
    static let maxAnswerBytes = 1 << 20

    private struct Kept {
        let answer: GitHubAnswer
        var lastUse: Int
    }

    private struct State {
        var kept: [String: Kept] = [:]
        var bytes = 0
        var uses = 0

        mutating func remove(_ key: String) {
            guard let old = kept.removeValue(forKey: key) else { return }
            bytes -= old.answer.body.count
        }
    }

    private let state = Mutex(State())

    subscript(key: String) -> GitHubAnswer? {
        state.withLock { state in
            state.uses += 1
            state.kept[key]?.lastUse = state.uses
            return state.kept[key]?.answer
        }
    }

    /// Keeps an answer that can be asked about again; removes those that were not used for longest where it
    /// grows too large.
    func keep(_ answer: GitHubAnswer, as key: String) {
        state.withLock { state in
            state.remove(key)
            guard answer.status == 200, answer.tag != nil, answer.body.count <= Self.maxAnswerBytes else { return }
            state.uses += 1
            state.kept[key] = Kept(answer: answer, lastUse: state.uses)
            state.bytes += answer.body.count
            guard state.kept.count > Self.maxAnswers || state.bytes > Self.maxBytes else { return }
            // Half of them at once, so that it does not come to this with every answer.
            let oldest = state.kept.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(max(state.kept.count / 2, 1))
            for (key, _) in oldest { state.remove(key) }
        }
    }
}
