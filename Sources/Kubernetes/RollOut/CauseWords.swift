import Foundation
import JSON

/// Puts causes into words for an app's developers, who need not know Kubernetes.
struct CauseWords: Sendable {
    /// What a sentence is about.
    enum Subject: Sendable {
        case appling
        case releaseCommand
        case addOn
        /// The Cloud SQL proxy beside an appling.
        case proxy
    }

    var subject: Subject
    /// Of the appling's Deployment, `cats-frontend`, or of the add-on's.
    let name: String
    let namespace: String
    let deadlineSeconds: Int
    /// Which the sentence is about.
    let container: ContainerSpec

    /// - Parameters:
    ///   - workload: a Deployment or a Job. All that the words need is in it, so that they are the same for objects
    ///     that were rendered a moment ago and for objects that were kept.
    init(of workload: JSON, namespace: String, deadlineSeconds: Int) {
        let labels = workload.at("metadata", "labels")
        if workload["kind"]?.string == "Job" {
            subject = .releaseCommand
        } else {
            subject = labels?[ObjectScope.componentLabel] == nil ? .appling : .addOn
        }
        name = labels?[ObjectScope.nameLabel]?.string ?? workload.at("metadata", "name")?.string ?? ""
        self.namespace = namespace
        self.deadlineSeconds = deadlineSeconds
        let containers = workload.at("spec", "template", "spec", "containers")?.array ?? []
        container = ContainerSpec(json: containers.first ?? [:])
    }

    /// In the middle of a sentence.
    var who: String {
        switch subject {
        case .appling, .addOn: name
        case .releaseCommand: "the release command of \(name)"
        case .proxy: "the Cloud SQL proxy of \(name)"
        }
    }

    /// At the beginning of a sentence.
    private var whoAtStart: String { who == name ? name : who.prefix(1).uppercased() + who.dropFirst() }

    /// The same, where one of a pod's containers is to blame.
    func about(container: String?) -> CauseWords {
        guard container == CloudSQLProxy.containerName else { return self }
        var words = self
        words.subject = .proxy
        return words
    }

    /// What happened, in one sentence.
    func sentence(_ cause: RollOutCause) -> String {
        switch cause {
        case .imageUnavailable(let image, let detail, _):
            "The cluster cannot fetch the image of \(who) (\(image)): \(Self.pullReason(detail))."
        case .imageNameInvalid(let image):
            "The image of \(who) has a name that means nothing to a registry: “\(image)”."
        case .secretMissing(let secret, _):
            "\(whoAtStart) needs the Secret “\(secret)”, which does not exist in the namespace \(namespace)."
        case .secretKeyMissing(let secret, let key):
            "\(whoAtStart) needs the key “\(key)” of the Secret “\(secret)” in the namespace \(namespace), and "
                + "the Secret has no such key."
        case .configurationMissing(let detail):
            "\(whoAtStart) cannot start because something it refers to is missing: \(detail)."
        case .cannotStart(let detail):
            "The container of \(who) cannot be started: \(Self.startReason(detail))."
        case .exited(let code, _) where subject == .releaseCommand: "\(exit(code))."
        case .exited(let code, let restarts): "\(exit(code)) \(starts(restarts))."
        case .outOfMemory(let limit?, let restarts):
            "\(whoAtStart) runs out of memory: it is stopped when it reaches its limit of \(limit) "
                + "\(starts(restarts))."
        case .outOfMemory(nil, let restarts):
            "\(whoAtStart) runs out of memory: the machine that it runs on has none left \(starts(restarts))."
        case .livenessFailing(let outcome, let restarts):
            "\(whoAtStart) is restarted because its liveness check fails: \(liveness(outcome)) "
                + "\(starts(restarts))."
        case .noRoom(let detail):
            "No machine of the cluster has room for \(who)\(asks): \(Self.firstSentence(detail))."
        case .podsRefused(let detail):
            "The cluster refuses to start \(who): \(Self.refusal(detail))."
        case .cannotPrepare(let detail): "What \(who) needs before it can start is not there: \(detail)."
        case .notReady(let outcome, let seconds): notReady(outcome, seconds)
        case .interrupted(let detail): "The cluster stopped \(who): \(Self.withoutFullStop(detail))."
        }
    }

    /// For what no reason is known of.
    /// - Parameter isOver: it failed before its time was up.
    func noCause(isOver: Bool) -> String {
        if isOver { return "\(whoAtStart) failed, and the cluster names no reason." }
        if subject == .releaseCommand {
            return "\(whoAtStart) did not end within \(deadlineSeconds) seconds."
        }
        return
            "\(whoAtStart) did not become ready within \(deadlineSeconds) seconds, and the cluster names no reason."
    }

    private var asks: String { container.requests.map { ", which asks for \($0)" } ?? "" }

    private func starts(_ restarts: Int) -> String {
        restarts == 0 ? "(at its first start)" : "(\(restarts + 1) starts so far)"
    }

    private func notReady(_ outcome: ProbeOutcome?, _ seconds: Int?) -> String {
        let duration = seconds.map { $0 > 0 ? ", \($0) seconds after its start" : "" } ?? ""
        let check = container.readiness
        let request = text(check)
        let start = "\(whoAtStart) runs, but its health check fails\(duration): "
        return switch outcome {
        case .status(let status): "\(start)\(request) answers with status \(status)."
        case .refused: "\(start)nothing listens\(place(check))."
        case .timedOut: "\(start)\(request) does not answer within \(check?.timeoutSeconds ?? 1) s."
        case .other(let text): "\(start)\(request): \(text)."
        case nil: "\(whoAtStart) runs, but does not become ready within \(deadlineSeconds) seconds."
        }
    }

    private func liveness(_ outcome: ProbeOutcome) -> String {
        let check = container.liveness
        return switch outcome {
        case .status(let status): "\(text(check)) answers with status \(status)"
        case .refused: subject == .proxy ? "nothing listens" : "nothing listens\(place(check))"
        case .timedOut: "\(text(check)) does not answer in time"
        case .other(let detail): "\(text(check)): \(detail)"
        }
    }

    /// What a health check asks. Nobody knows the paths of a proxy that they did not set up.
    private func text(_ check: HealthCheck?) -> String {
        subject == .proxy ? "the check" : check?.text ?? "the check"
    }

    private func place(_ check: HealthCheck?) -> String { check?.port.map { " on port \($0)" } ?? " on its port" }

    /// Exit codes by the shells' convention: above 128, the number of the signal is added
    /// (POSIX, Shell & Utilities, section 2.8.2).
    private func exit(_ code: Int) -> String {
        switch code {
        case 0: "\(whoAtStart) ends by itself (exit code 0), but a server has to keep running"
        case 126: "\(whoAtStart) cannot be run (exit code 126): its command is no executable file"
        case 127: "\(whoAtStart) cannot be run (exit code 127): its command was not found in the image"
        case 137: "\(whoAtStart) is killed (exit code 137, SIGKILL)"
        case 139: "\(whoAtStart) crashes (exit code 139, segmentation fault)"
        case 129...159: "\(whoAtStart) is stopped by signal \(code - 128) (exit code \(code))"
        case _ where subject == .releaseCommand: "\(whoAtStart) stops with exit code \(code)"
        default: "\(whoAtStart) stops with exit code \(code) when it starts"
        }
    }

    /// The end of a chain such as `failed to pull "x": failed to resolve "x": connection refused`.
    private static func pullReason(_ detail: String) -> String {
        guard let quote = detail.range(of: "\": ", options: .backwards) else {
            return detail.isEmpty ? "no reason was given" : detail
        }
        return String(detail[quote.upperBound...])
    }

    /// The end of a chain such as `failed to create shim task: OCI runtime create failed: runc create failed:
    /// unable to start container process: exec: "/run.sh": no such file or directory: unknown`.
    private static func startReason(_ detail: String) -> String {
        var reason = withoutFullStop(detail)
        for link in ["unable to start container process: ", "starting container process caused: "] {
            if let range = reason.range(of: link, options: .backwards) {
                reason = String(reason[range.upperBound...])
            }
        }
        return reason.hasSuffix(": unknown") ? String(reason.dropLast(": unknown".count)) : reason
    }

    private static func firstSentence(_ text: String) -> String {
        text.range(of: ". ").map { String(text[..<$0.lowerBound]) } ?? withoutFullStop(text)
    }

    private static func withoutFullStop(_ text: String) -> String {
        text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    /// Without the name of a pod that nobody will ever see.
    private static func refusal(_ detail: String) -> String {
        let text = detail.range(of: " is forbidden: ").map { String(detail[$0.upperBound...]) } ?? detail
        return withoutFullStop(text)
    }
}
