import Foundation
import JSON

/// What a container's status says about why its pod is not ready.
struct ContainerCause {
    private let container: PodContainer
    private let pod: JSON
    private let events: PodEvents

    /// - Parameter events: about the pod.
    init(_ container: PodContainer, pod: JSON, events: PodEvents) {
        self.container = container
        self.pod = pod
        self.events = events
    }

    func find() -> FirstCause? {
        let state = container.status["state"]
        if let reason = state?["waiting"] { return waiting(reason) }
        if let ended = state?["terminated"] { return terminated(ended, previous: false) }
        return nil
    }

    /// How the run before the present one ended; nil when there was none.
    func lastRun() -> FirstCause? {
        guard let ended = container.status.at("lastState", "terminated") else { return nil }
        var found = terminated(ended, previous: true)
        found?.isPast = true
        return found
    }

    /// The closed list of the kubelet's reasons (pkg/kubelet/images/types.go,
    /// pkg/kubelet/container/sync_result.go, and pkg/kubelet/errors of the CRI API).
    private func waiting(_ waiting: JSON) -> FirstCause? {
        let detail = waiting["message"]?.string ?? ""
        let cause: RollOutCause
        switch waiting["reason"]?.string {
        case "ErrImagePull", "ImagePullBackOff", "RegistryUnavailable":
            cause = imageUnavailable(detail)
        case "ErrImageNeverPull", "SignatureValidationFailed":
            cause = .imageUnavailable(image: image, detail: detail, isFinal: true)
        case "InvalidImageName":
            cause = .imageNameInvalid(image: image)
        case "CreateContainerConfigError":
            cause = configuration(detail)
        case "CreateContainerError", "RunContainerError", "StartError", "PostStartHookError", "ImageInspectError":
            cause = .cannotStart(detail: detail)
        case "CrashLoopBackOff":
            if let last = container.status.at("lastState", "terminated") {
                return terminated(last, previous: true)
            }
            cause = .cannotStart(detail: detail)
        default: return nil
        }
        return FirstCause(cause: cause, container: container)
    }

    private var image: String {
        container.spec.json["image"]?.string ?? container.status["image"]?.string ?? ""
    }

    private func imageUnavailable(_ detail: String) -> RollOutCause {
        // Until Kubernetes 1.31, a container that backs off says no more than that.
        let isBare = !detail.contains(": ")
        let detail = isBare ? events.pullFailure(of: container.name) ?? detail : detail
        let answer = detail.lowercased()
        return .imageUnavailable(
            image: image, detail: detail, isFinal: Self.finalAnswers.contains { answer.contains($0) })
    }

    /// What registries say when the next attempt will meet with the same; without any of them, a little more
    /// patience is all that differs.
    private static let finalAnswers = [
        "not found", "manifest unknown", "name unknown", "unauthorized", "access denied", "insufficient_scope",
        "authentication required", "403 forbidden", "no match for platform", "no basic auth credentials",
        "invalid reference format", "certificate signed by unknown authority",
        "server gave http response to https client",
    ]

    /// Which reference is broken. The kubelet tells in words only; they are compared with the names that
    /// the pod's spec holds, and passed on as they are when none fits.
    private func configuration(_ message: String) -> RollOutCause {
        let spec = container.spec.json
        let references = (spec["env"]?.array ?? []).compactMap { $0.at("valueFrom", "secretKeyRef") }
        func keys(of secret: String) -> [String] {
            references.filter { $0["name"]?.string == secret }.compactMap { $0["key"]?.string }
        }
        let sources = (spec["envFrom"]?.array ?? []).compactMap { $0["secretRef"] }
        for reference in references + sources {
            guard let secret = reference["name"]?.string else { continue }
            if message == "secret \"\(secret)\" not found" {
                return .secretMissing(name: secret, keys: keys(of: secret))
            }
            if let key = reference["key"]?.string, message.hasPrefix("couldn't find key \(key) in Secret "),
                message.hasSuffix("/\(secret)")
            {
                return .secretKeyMissing(secret: secret, key: key)
            }
        }
        // The one reason of this kind that is about no reference: the image's user, told with the pod's name
        // (pkg/kubelet/kuberuntime/security_context_others.go).
        if message.contains("non-root") || message.contains("runAsNonRoot") {
            return .cannotStart(detail: message.components(separatedBy: " (pod: ")[0])
        }
        return .configurationMissing(detail: message)
    }

    private func terminated(_ ended: JSON, previous: Bool) -> FirstCause? {
        let code = ended["exitCode"]?.int ?? 0
        // An init container that is done is as it should be.
        if container.role == .initial && code == 0 { return nil }
        let reason = ended["reason"]?.string ?? ""
        switch reason {
        // Nothing ran: the exit code is the container runtime's, and there is no output.
        case "StartError", "ContainerCannotRun":
            return FirstCause(
                cause: .cannotStart(detail: ended["message"]?.string ?? reason), container: container)
        // A machine came back without what had run on it.
        case "ContainerStatusUnknown":
            return FirstCause(
                cause: .interrupted(detail: ended["message"]?.string ?? reason), container: container)
        default: break
        }
        let log = FirstCause.LogReference(pod: Pods.name(pod), container: container.name, previous: previous)
        return FirstCause(cause: end(ended, code, reason), log: log, container: container)
    }

    private func end(_ ended: JSON, _ code: Int, _ reason: String) -> RollOutCause {
        if reason == "OOMKilled" {
            return .outOfMemory(limit: container.spec.memoryLimit, code: code, restarts: container.restarts)
        }
        if let (check, outcome) = events.killingCheck(of: container.name, exitCode: code) {
            return .checkFailing(check, outcome, restarts: container.restarts)
        }
        let seconds = Timestamp.seconds(from: ended["startedAt"], to: ended["finishedAt"])
        return .exited(code: code, restarts: container.restarts, seconds: seconds ?? 0)
    }
}
