import AppFile
import Deploys
import Foundation

/// Puts causes into words for an app's developers, who need not know Kubernetes.
struct CauseWords {
    /// Of the Deployment: `cats-frontend`.
    let name: String
    let settings: Appling
    let namespace: String
    let deadlineSeconds: Int

    /// What happened, in one sentence.
    func sentence(_ cause: RollOutCause) -> String {
        switch cause {
        case .imageUnavailable(let image, let detail, _):
            "The cluster cannot fetch the image of \(name) (\(image)): \(Self.pullReason(detail))."
        case .imageNameInvalid(let image):
            "The image of \(name) has a name that means nothing to a registry: “\(image)”."
        case .secretMissing(let secret, _):
            "\(name) needs the Secret “\(secret)”, which does not exist in the namespace \(namespace)."
        case .secretKeyMissing(let secret, let key):
            "\(name) needs the key “\(key)” of the Secret “\(secret)” in the namespace \(namespace), and the "
                + "Secret has no such key."
        case .configurationMissing(let detail):
            "\(name) cannot start because something it refers to is missing: \(detail)."
        case .cannotStart(let detail): "The container of \(name) cannot be started: \(Self.startReason(detail))."
        case .exited(let code, let restarts): "\(exit(code)) \(starts(restarts))."
        case .outOfMemory(let limit?, let restarts):
            "\(name) runs out of memory: it is stopped when it reaches its limit of \(limit) "
                + "\(starts(restarts))."
        case .outOfMemory(nil, let restarts):
            "\(name) runs out of memory: the machine that it runs on has none left \(starts(restarts))."
        case .livenessFailing(let outcome, let restarts):
            "\(name) is restarted because its liveness check fails: \(liveness(outcome)) \(starts(restarts))."
        case .noRoom(let detail):
            "No machine of the cluster has room for \(name), which asks for \(settings.requests.cpu) CPU and "
                + "\(settings.requests.memory) of memory: \(Self.firstSentence(detail))."
        case .podsRefused(let detail):
            "The cluster refuses to start \(name): \(Self.refusal(detail))."
        case .cannotPrepare(let detail): "What \(name) needs before it can start is not there: \(detail)."
        case .notReady(let outcome, let seconds): notReady(outcome, seconds)
        }
    }

    /// What to do next; nil when the sentence says it all.
    func advice(_ cause: RollOutCause) -> String? {
        switch cause {
        case .imageUnavailable:
            "Check that the registry is up, has this image and lets the cluster pull it; `build` "
                + "makes the image anew."
        case .imageNameInvalid:
            "Check the registry that the bot is set up with (ITERAPP_REGISTRY)."
        case .secretMissing(let secret, let keys):
            "Create it, then deploy again: kubectl create secret generic \(secret) --namespace \(namespace)"
                + (keys.isEmpty ? " --from-literal=KEY=…" : keys.map { " --from-literal=\($0)=…" }.joined())
        case .secretKeyMissing(let secret, let key):
            "Add it, then deploy again: kubectl patch secret \(secret) --namespace \(namespace) --type merge "
                + "--patch '{\"stringData\":{\"\(key)\":\"…\"}}'"
        case .configurationMissing: "Create what is missing, then deploy again."
        case .cannotStart: "Check ENTRYPOINT, CMD and USER in the Dockerfile."
        case .exited(0, _): "The Dockerfile's CMD has to start the server in the foreground."
        case .exited: "Its last lines of output tell more; check that all the variables it needs are set."
        case .outOfMemory(.some, _): "Let it use less, or have its limit raised."
        case .outOfMemory(nil, _): "Set `memory` under [requests] in iterapp.toml to what it really needs."
        case .livenessFailing:
            "Answer the liveness path with a status from 200 to 399, give the check more time, or remove it "
                + "from iterapp.toml."
        case .noRoom: "Ask for less under [requests] in iterapp.toml, or add a machine to the cluster."
        case .podsRefused(let detail) where detail.contains("violates PodSecurity"):
            "Let the image run without root and without special rights, or have the namespace's Pod Security "
                + "level changed."
        case .podsRefused(let detail) where detail.contains("exceeded quota"):
            "Stop something else in the namespace \(namespace), or have its quota raised."
        case .podsRefused, .cannotPrepare: "Ask whoever runs the cluster, and show them this."
        case .notReady(.refused, _) where port != settings.port:
            "Let the app answer its health check on 0.0.0.0:\(port), or set `port` under [readiness] in iterapp.toml."
        case .notReady(.refused, _):
            "Let the app listen on 0.0.0.0:\(port) (the variable PORT has the number), or set `port` "
                + "in iterapp.toml."
        case .notReady:
            "Answer GET \(settings.readiness.path) on port \(port) with a status from 200 to 399, or set "
                + "`readiness_path` and `port` in iterapp.toml to what the app serves."
        }
    }

    /// For a version of which nothing is known but that it takes too long.
    var noCause: String {
        "\(name) did not become ready within \(deadlineSeconds) seconds, and the cluster names no reason."
    }

    private var port: Int { settings.readiness.port ?? settings.port }

    private func starts(_ restarts: Int) -> String {
        restarts == 0 ? "(at its first start)" : "(\(restarts + 1) starts so far)"
    }

    private func notReady(_ outcome: ProbeOutcome?, _ seconds: Int?) -> String {
        let duration = seconds.map { $0 > 0 ? ", \($0) seconds after its start" : "" } ?? ""
        let request = "GET \(settings.readiness.path) on port \(port)"
        let start = "\(name) runs, but its health check fails\(duration): "
        return switch outcome {
        case .status(let status): "\(start)\(request) answers with status \(status)."
        case .refused: "\(start)nothing listens on port \(port)."
        case .timedOut: "\(start)\(request) does not answer within \(settings.readiness.timeoutSeconds) s."
        case .other(let text): "\(start)\(request): \(text)."
        case nil: "\(name) runs, but does not become ready within \(deadlineSeconds) seconds."
        }
    }

    private func liveness(_ outcome: ProbeOutcome) -> String {
        let path = settings.liveness?.path ?? "/"
        let port = settings.liveness?.port ?? settings.port
        return switch outcome {
        case .status(let status): "GET \(path) on port \(port) answers with status \(status)"
        case .refused: "nothing listens on port \(port)"
        case .timedOut: "GET \(path) on port \(port) does not answer in time"
        case .other(let text): "GET \(path) on port \(port): \(text)"
        }
    }

    /// Exit codes by the shells' convention: above 128, the number of the signal is added
    /// (POSIX, Shell & Utilities, section 2.8.2).
    private func exit(_ code: Int) -> String {
        switch code {
        case 0: "\(name) ends by itself (exit code 0), but a server has to keep running"
        case 126: "\(name) cannot be run (exit code 126): its command is no executable file"
        case 127: "\(name) cannot be run (exit code 127): its command was not found in the image"
        case 137: "\(name) is killed (exit code 137, SIGKILL)"
        case 139: "\(name) crashes (exit code 139, segmentation fault)"
        case 129...159: "\(name) is stopped by signal \(code - 128) (exit code \(code))"
        default: "\(name) stops with exit code \(code) when it starts"
        }
    }

    /// The end of a chain such as `failed to pull "x": failed to resolve "x": connection refused`.
    private static func pullReason(_ detail: String) -> String {
        guard let quote = detail.range(of: "\": ", options: .backwards) else {
            return detail.isEmpty ? "no reason was given" : detail
        }
        return String(detail[quote.upperBound...])
    }

    /// The end of a chain such as `failed to create shim task: OCI runtime create failed: runc create failed: unable
    /// to start container process: exec: "/run.sh": no such file or directory: unknown`.
    private static func startReason(_ detail: String) -> String {
        var reason = withoutFullStop(detail)
        for link in ["unable to start container process: ", "starting container process caused: "] {
            if let range = reason.range(of: link, options: .backwards) { reason = String(reason[range.upperBound...]) }
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
