/// Words about several pods, and about what has no cause.
extension CauseWords {
    /// What keeps all pods from becoming ready, in one sentence; nil when there is nothing.
    func sentence(_ diagnosis: Diagnosis) -> String? {
        guard let finding = diagnosis.findings.first else { return nil }
        var words = about(finding.first.container)
        if finding.pods > 1 { words.pods = .several(startsDiffer: finding.startsDiffer) }
        var text = words.sentence(finding.first.cause)
        if diagnosis.pods > 1, finding.pods > 0 { text = "\(finding.pods) of \(diagnosis.pods) pods: \(text)" }
        let others = diagnosis.findings.dropFirst().filter(\.first.cause.isHoldUp).map { other in
            let words = about(other.first.container)
            switch other.pods {
            case 0: return words.label(other.first.cause)
            case 1: return "1 other pod: \(words.label(other.first.cause))"
            default: return "\(other.pods) other pods: \(words.label(other.first.cause))"
            }
        }
        return others.isEmpty ? text : "\(Self.withoutFullStop(text)); \(others.joined(separator: "; "))."
    }

    /// A cause in a few words that need no verb.
    func label(_ cause: RollOutCause) -> String {
        let text: String
        switch cause {
        case .imageUnavailable: text = "image not fetched"
        case .imageNameInvalid: text = "image name not valid"
        case .secretMissing(let name, _): text = "Secret “\(name)” missing"
        case .secretKeyMissing(let secret, let key): text = "key “\(key)” of the Secret “\(secret)” missing"
        case .configurationMissing: text = "something it refers to missing"
        case .cannotStart: text = "container not startable"
        case .exited(let code, _, _): text = "exit code \(code)"
        case .outOfMemory: text = "out of memory"
        case .checkFailing(let check, _, _): text = "\(check.word.lowercased()) check failing"
        case .noRoom: text = "no machine with room"
        case .podsRefused: text = "further pods refused by the cluster"
        case .paused: text = "paused by somebody"
        case .cannotPrepare: text = "volume or network missing"
        case .notReady: text = "not ready"
        case .notEnding: text = "still running"
        case .interrupted: text = "stopped by the cluster"
        }
        switch subject {
        case .appling, .releaseCommand, .addOn: return text
        case .proxy: return "\(text) (Cloud SQL proxy)"
        case .initContainer(let container), .sidecar(let container): return "\(text) (container “\(container)”)"
        }
    }

    /// For what no reason is known of.
    /// - Parameters:
    ///   - isOver: it failed before its time was up.
    ///   - pods: what became of them.
    func noCause(isOver: Bool, _ pods: PodsWithoutCause) -> String {
        if isOver { return "\(whoAtStart) failed, and the cluster names no reason." }
        let time = "within \(deadlineSeconds) seconds"
        return switch pods {
        case .neverMade: "The cluster did not begin to start \(who) \(time)."
        case .ready: "The pods of \(who) are ready, but the cluster did not finish the roll-out \(time)."
        case .there where subject == .releaseCommand: "\(whoAtStart) did not end \(time)."
        case .there: "\(whoAtStart) did not become ready \(time), and the cluster names no reason."
        }
    }

    enum PodsWithoutCause {
        case neverMade
        case there
        case ready
    }
}
