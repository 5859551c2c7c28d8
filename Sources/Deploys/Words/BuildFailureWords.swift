/// What people read about a build that gave no image.
extension BuildError {
    func failure(appling: String, others: [String]) -> Failure {
        var failure = words(appling, others)
        let isTimedOut = if case .timedOut = self { true } else { false }
        failure.build = FailedBuild(applings: [appling] + others, isTimedOut: isTimedOut)
        return failure
    }

    private func words(_ appling: String, _ others: [String]) -> Failure {
        let who = appling.isEmpty ? "The build" : "The build of `\(appling)`"
        let also = others.isEmpty ? "" : " (\(others.map { "`\($0)`" }.joined(separator: ", ")) failed too.)"
        switch self {
        case .noDockerfile(let path):
            return Failure(
                .build, "There is no `\(path)` in the commit.\(also)",
                advice: "Add one: it says how the image is built.")
        case .failed(let sentence, let tail):
            return Failure(
                .build, appling.isEmpty ? sentence : "\(who) failed: \(sentence)\(also)",
                advice: "Correct it and push again.", evidence: tail)
        case .engineUnavailable(let sentence):
            return Failure(
                .build, "\(who) could not be finished: \(sentence)\(also)",
                advice: "Run it again once that is mended.")
        case .diskFull(let sentence):
            return Failure(
                .build, "\(who) ran out of disk space: \(sentence)\(also)",
                advice: "Tell the operator; once there is space, run it again.")
        case .timedOut(let seconds, let tail):
            return Failure(
                .build, "\(who) was stopped at its time limit, after \(Self.words(seconds)).\(also)",
                advice: "Find out what it waits for; the last lines may tell.", evidence: tail)
        case .cancelled:
            return Failure(.build, "\(who) was cancelled.")
        }
    }

    private static func words(_ seconds: Int) -> String {
        seconds < 120 ? "\(seconds) seconds" : "\(seconds / 60) minutes"
    }
}
