import JSON

/// What a container's status says about why its pod is not ready.
enum ContainerCause {
    /// - Parameter status: an element of `containerStatuses` or `initContainerStatuses`.
    static func find(_ status: JSON, pod: JSON, events: PodEvents) -> FirstCause? {
        if let waiting = status["state"]?["waiting"] {
            return self.waiting(waiting, status, pod: pod, events: events)
        }
        if let ended = status["state"]?["terminated"] {
            return terminated(ended, status, pod: pod, events: events, previous: false)
        }
        return nil
    }

    /// The closed list of the kubelet's reasons
    /// (pkg/kubelet/images/types.go, pkg/kubelet/container/sync_result.go).
    private static func waiting(
        _ waiting: JSON, _ status: JSON, pod: JSON, events: PodEvents
    ) -> FirstCause? {
        let detail = waiting["message"]?.string ?? ""
        let image = Pods.container(name(status), of: pod)?["image"]?.string ?? status["image"]?.string ?? ""
        let cause: RollOutCause
        switch waiting["reason"]?.string {
        case "ErrImagePull":
            cause = .imageUnavailable(image: image, detail: detail, gaveUp: false)
        case "ImagePullBackOff", "ErrImageNeverPull":
            cause = .imageUnavailable(image: image, detail: detail, gaveUp: true)
        case "InvalidImageName":
            cause = .imageNameInvalid(image: image)
        case "CreateContainerConfigError":
            cause = configuration(detail, container: Pods.container(name(status), of: pod))
        case "CreateContainerError", "RunContainerError", "StartError", "PostStartHookError":
            cause = .cannotStart(detail: detail)
        case "CrashLoopBackOff":
            let last = status["lastState"]?["terminated"] ?? [:]
            return terminated(last, status, pod: pod, events: events, previous: true)
        default: return nil
        }
        return FirstCause(cause: cause, log: nil)
    }

    /// Which reference is broken. The kubelet tells in words only; they are compared with the names that
    /// the pod's spec holds, and passed on as they are when none fits.
    private static func configuration(_ message: String, container: JSON?) -> RollOutCause {
        let references = (container?["env"]?.array ?? []).compactMap { $0.at("valueFrom", "secretKeyRef") }
        func keys(of secret: String) -> [String] {
            references.filter { $0["name"]?.string == secret }.compactMap { $0["key"]?.string }
        }
        let sources = (container?["envFrom"]?.array ?? []).compactMap { $0["secretRef"] }
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
        return .configurationMissing(detail: message)
    }

    private static func terminated(
        _ ended: JSON, _ status: JSON, pod: JSON, events: PodEvents, previous: Bool
    ) -> FirstCause? {
        let code = ended["exitCode"]?.int ?? 0
        let isInit = (pod.at("status", "initContainerStatuses")?.array ?? []).contains(status)
        // An init container that is done is as it should be.
        if isInit && code == 0 { return nil }
        // Nothing ran: the exit code is the container runtime's, and there is no output.
        if let reason = ended["reason"]?.string, ["StartError", "ContainerCannotRun"].contains(reason) {
            return FirstCause(cause: .cannotStart(detail: ended["message"]?.string ?? reason), log: nil)
        }
        let restarts = status["restartCount"]?.int ?? 0
        let cause: RollOutCause
        if ended["reason"]?.string == "OOMKilled" {
            let limits = Pods.container(name(status), of: pod)?.at("resources", "limits")
            cause = .outOfMemory(limit: limits?["memory"]?.string, restarts: restarts)
        } else if let outcome = events.lastLivenessFailure {
            cause = .livenessFailing(outcome, restarts: restarts)
        } else {
            cause = .exited(code: code, restarts: restarts)
        }
        let log = FirstCause.LogReference(pod: Pods.name(pod), container: name(status), previous: previous)
        return FirstCause(cause: cause, log: log)
    }

    private static func name(_ status: JSON) -> String { status["name"]?.string ?? "" }
}
