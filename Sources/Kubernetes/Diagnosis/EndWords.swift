/// Words about containers that ended.
extension CauseWords {
    func endSentence(_ cause: RollOutCause) -> String {
        switch cause {
        case .exited(let code, _, let seconds) where subject == .releaseCommand:
            return "\(exit(code, seconds))."
        case .exited(let code, let restarts, let seconds):
            return "\(exit(code, seconds)) \(starts(restarts))."
        case .outOfMemory(let limit, let code, let restarts):
            return outOfMemory(limit, code, restarts)
        case .checkFailing(let check, let outcome, let restarts):
            let probe = check == .liveness ? container.liveness : container.startup
            return "\(whoAtStart) is restarted because its \(check.word.lowercased()) check fails: "
                + "\(met(outcome, by: probe)) \(starts(restarts))."
        default: return sentence(cause)
        }
    }

    /// The kernel stops the process that asks for too much, which need not be the container's first one.
    private func outOfMemory(_ limit: String?, _ code: Int, _ restarts: Int) -> String {
        let start = "\(whoAtStart) runs out of memory: "
        let end = subject == .releaseCommand ? "." : " \(starts(restarts))."
        if code != Self.killed {
            let place = limit.map { "its limit of \($0)" } ?? "the end of what the machine has"
            return "\(start)one of its processes is stopped when they reach \(place), and it ends with exit code "
                + "\(code)\(end)"
        }
        guard let limit else { return "\(start)the machine that it runs on has none left\(end)" }
        return "\(start)it is stopped when it reaches its limit of \(limit)\(end)"
    }

    /// 128 and SIGKILL's number.
    private static let killed = 137

    private func starts(_ restarts: Int) -> String {
        switch pods {
        case .one: restarts == 0 ? "(at its first start)" : "(\(restarts + 1) starts so far)"
        case .several(startsDiffer: true): "(up to \(restarts + 1) starts each so far)"
        case .several: restarts == 0 ? "(at the first start)" : "(\(restarts + 1) starts each so far)"
        }
    }

    /// A program that ran for less is said to stop when it starts.
    private static let minSecondsToTell = 5

    /// Exit codes by the shells' convention: above 128, the number of the signal is added
    /// (POSIX, Shell & Utilities, section 2.8.2).
    private func exit(_ code: Int, _ seconds: Int) -> String {
        let isCommand = subject == .releaseCommand
        let runs = seconds >= Self.minSecondsToTell
        let moment = runs ? " after \(seconds) seconds" : isCommand ? "" : " when it starts"
        let after = runs ? moment : ""
        return switch code {
        case 0: "\(whoAtStart) ends by itself\(after) with exit code 0, but a server has to keep running"
        case 126: "\(whoAtStart) cannot be run (exit code 126): its command is no executable file"
        case 127: "\(whoAtStart) cannot be run (exit code 127): its command was not found in the image"
        case Self.killed: "\(whoAtStart) is killed\(after) by SIGKILL, exit code 137"
        case 139: "\(whoAtStart) crashes\(after) with a segmentation fault, exit code 139"
        case 129...159: "\(whoAtStart) is stopped\(after) by signal \(code - 128), exit code \(code)"
        default: "\(whoAtStart) stops with exit code \(code)\(moment)"
        }
    }
}
