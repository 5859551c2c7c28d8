import Foundation
import JSON

/// Puts causes into words for an app's developers, who need not know Kubernetes.
struct CauseWords: Sendable {
    /// What a sentence is about.
    enum Subject: Sendable, Equatable {
        case appling
        case releaseCommand
        case addOn
        /// The Cloud SQL proxy beside an appling.
        case proxy
        /// What the cluster adds to pods by itself.
        case initContainer(String)
        case sidecar(String)
    }

    var subject: Subject
    /// Of the appling's Deployment, `cats-frontend`, or of the add-on's.
    let name: String
    let namespace: String
    let deadlineSeconds: Int
    /// Which the sentence is about.
    var container: ContainerSpec
    /// How often something was started is told of several pods together.
    var pods = PodCount.one

    enum PodCount: Sendable {
        case one
        /// - Parameter startsDiffer: some were started more often than others.
        case several(startsDiffer: Bool)
    }

    /// - Parameter workload: a Deployment or a Job. All that the words need is in it, so that they are the same for
    ///   objects that were rendered a moment ago and for objects that were kept.
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
        case .initContainer(let container): "the init container “\(container)” of \(name)"
        case .sidecar(let container): "the sidecar “\(container)” of \(name)"
        }
    }

    /// At the beginning of a sentence.
    var whoAtStart: String { who == name ? name : who.prefix(1).uppercased() + who.dropFirst() }

    /// The same, where one of a pod's containers is to blame.
    func about(_ container: PodContainer?) -> CauseWords {
        guard let container else { return self }
        var words = self
        words.container = container.spec
        if container.name == CloudSQLProxy.containerName {
            words.subject = .proxy
        } else if container.role == .initial {
            words.subject = .initContainer(container.name)
        } else if container.name != self.container.name {
            words.subject = .sidecar(container.name)
        }
        return words
    }

    /// What happened, in one sentence.
    func sentence(_ cause: RollOutCause) -> String {
        switch cause {
        case .imageUnavailable(let image, let detail, _):
            "The cluster cannot fetch the image of \(who) (\(image)): \(Self.pullReason(detail, image))."
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
        case .exited, .outOfMemory, .checkFailing: endSentence(cause)
        case .noRoom(let detail): noRoom(detail)
        case .podsRefused(let detail, _):
            "The cluster refuses to start \(who): \(PodRefusal(detail).reason)."
        case .paused: "Somebody paused \(who), so that the cluster starts nothing new of it."
        case .cannotPrepare(let detail):
            "What \(who) needs before it can start is not there: \(Self.withoutFullStop(detail))."
        case .notReady(let outcome, let seconds): notReady(outcome, seconds)
        case .notEnding:
            "\(whoAtStart) does not come to its end, and \(name) cannot start before that."
        case .interrupted(let detail): "The cluster stopped \(who): \(Self.withoutFullStop(detail))."
        }
    }

    private func noRoom(_ detail: String) -> String {
        // Machines can also be closed to a pod for other reasons than its size.
        let isSize = detail.contains("Insufficient ") || !detail.contains("node(s)")
        let asks = isSize ? container.requests.map { ", which asks for \($0)" } ?? "" : ""
        let verb = isSize ? "has room for" : "takes"
        return "No machine of the cluster \(verb) \(who)\(asks): \(Self.firstSentence(detail))."
    }

    private func notReady(_ outcome: ProbeOutcome?, _ seconds: Int?) -> String {
        guard let outcome else {
            return "\(whoAtStart) runs, but does not become ready within \(deadlineSeconds) seconds."
        }
        let check = container.readiness
        let duration = seconds.map { $0 > 0 ? " still fails \($0) seconds after its start" : " fails" } ?? " fails"
        return "\(whoAtStart) runs, but its health check\(duration): \(met(outcome, by: check))."
    }

    /// What a check met with, as a clause.
    func met(_ outcome: ProbeOutcome, by check: HealthCheck?) -> String {
        // Nobody knows the paths of what they did not set up.
        let isOwn = [.appling, .addOn, .releaseCommand].contains(subject)
        let text = isOwn ? check?.text ?? "the check" : "the check"
        let place = isOwn ? check?.port.map { " on port \($0)" } ?? " on its port" : ""
        return switch outcome {
        case .status(let status): "\(text) answers with status \(status)"
        case .refused: "nothing listens\(place)"
        case .timedOut: "\(text) does not answer within \(check?.timeoutSeconds ?? 1) s"
        case .other(""): "\(text) fails"
        case .other(let detail): "\(text): \(Self.withoutFullStop(detail))"
        }
    }

    /// The end of a chain such as `failed to pull "x": failed to resolve "x": connection refused`.
    private static func pullReason(_ detail: String, _ image: String) -> String {
        guard let quote = detail.range(of: "\": ", options: .backwards) else {
            return detail.isEmpty ? "no reason was given" : withoutFullStop(detail)
        }
        let reason = detail[quote.upperBound...]
        // `x: not found`, where the image is named anyway.
        let named = "\(image): "
        return withoutFullStop(String(reason.hasPrefix(named) ? reason.dropFirst(named.count) : reason))
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

    static func withoutFullStop(_ text: String) -> String {
        text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
