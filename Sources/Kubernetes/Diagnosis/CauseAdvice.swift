extension CauseWords {
    /// What to do next; nil when the sentence says it all.
    func advice(_ cause: RollOutCause) -> String? {
        switch cause {
        case .secretMissing(let secret, let keys):
            return
                "Create it, then deploy again: kubectl create secret generic \(secret) --namespace \(namespace)"
                + (keys.isEmpty ? " --from-literal=KEY=…" : keys.map { " --from-literal=\($0)=…" }.joined())
        case .secretKeyMissing(let secret, let key):
            return
                "Add it, then deploy again: kubectl patch secret \(secret) --namespace \(namespace) --type merge "
                + "--patch '{\"stringData\":{\"\(key)\":\"…\"}}'"
        case .interrupted: return "Deploy again."
        case .paused:
            return "Go on, then deploy again: kubectl rollout resume deployment/\(name) --namespace \(namespace)"
        default: break
        }
        return switch subject {
        case .appling: applingAdvice(cause)
        case .releaseCommand: releaseCommandAdvice(cause)
        case .addOn: operatorAdvice(cause, imageSetting: "ITERAPP_REDIS_IMAGE")
        case .proxy: proxyAdvice(cause)
        case .initContainer, .sidecar: "Ask whoever runs the cluster, and show them this."
        }
    }

    /// What to do about `noCause`.
    func adviceWithoutCause(isOver: Bool, _ pods: PodsWithoutCause) -> String? {
        guard !isOver else { return nil }
        guard pods == .there else { return "Ask whoever runs the cluster whether its controllers work." }
        guard subject == .releaseCommand else { return nil }
        return "Let it do less at a time, or do the rest while the app runs; it is stopped by then."
    }

    private func applingAdvice(_ cause: RollOutCause) -> String? {
        switch cause {
        case .imageUnavailable:
            "Check that the registry is up, has this image and lets the cluster pull it; `build` "
                + "makes the image anew."
        case .imageNameInvalid:
            "Check the registry that the bot is set up with (ITERAPP_REGISTRY)."
        case .configurationMissing: "Create what is missing, then deploy again."
        case .cannotStart: "Check ENTRYPOINT, CMD and USER in the Dockerfile."
        case .exited(0, _, _): "The Dockerfile's CMD has to start the server in the foreground."
        case .exited(137, _, _):
            "Mostly it took more memory than there was: let it use less, or have its limit raised."
        case .exited: "Its last lines of output tell more; check that all the variables it needs are set."
        case .outOfMemory(.some, _, _): "Let it use less, or have its limit raised."
        case .outOfMemory(nil, _, _): "Set `memory` under [requests] in iterapp.toml to what it really needs."
        case .checkFailing:
            "Answer the liveness path with a status from 200 to 399, give the check more time, or remove it "
                + "from iterapp.toml."
        case .noRoom: "Ask for less under [requests] in iterapp.toml, or add a machine to the cluster."
        case .podsRefused(let detail, _): refusalAdvice(detail)
        case .notReady(let outcome, _): readinessAdvice(outcome)
        case .notEnding, .paused, .cannotPrepare, .secretMissing, .secretKeyMissing, .interrupted:
            "Ask whoever runs the cluster, and show them this."
        }
    }

    private func refusalAdvice(_ detail: String) -> String {
        switch PodRefusal(detail) {
        case .podSecurity:
            "Let the image run without root and without special rights, or have the namespace's Pod Security "
                + "level changed."
        case .quota: "Stop something else in the namespace \(namespace), or have its quota raised."
        case .other: "Ask whoever runs the cluster, and show them this."
        }
    }

    private func readinessAdvice(_ outcome: ProbeOutcome?) -> String {
        let check = container.readiness
        let port = check?.port.map(String.init) ?? "its port"
        switch outcome {
        case .refused where check?.port != container.port:
            return
                "Let the app answer its health check on 0.0.0.0:\(port), or set `port` under [readiness] in "
                + "iterapp.toml."
        case .refused:
            return
                "Let the app listen on 0.0.0.0:\(port) (the variable PORT has the number), or set `port` "
                + "in iterapp.toml."
        default:
            return
                "Answer \(check?.text ?? "the health check") with a status from 200 to 399, or set "
                + "the path (`readiness_path`, or `path` under [readiness]) and `port` in iterapp.toml to what the "
                + "app serves."
        }
    }

    private func releaseCommandAdvice(_ cause: RollOutCause) -> String? {
        switch cause {
        case .cannotStart, .exited(126, _, _), .exited(127, _, _):
            "Check `command` under [release] in iterapp.toml; the image needs /bin/sh to run it."
        case .exited: "Its last lines of output tell more; nothing of the new version was started."
        default: applingAdvice(cause)
        }
    }

    private func proxyAdvice(_ cause: RollOutCause) -> String? {
        switch cause {
        case .exited, .notReady, .checkFailing:
            "Check [cloud_sql_postgres_instances] in iterapp.toml, and that the app's pods may use the instances "
                + "(the role Cloud SQL Client)."
        default: operatorAdvice(cause, imageSetting: "ITERAPP_CLOUD_SQL_PROXY_IMAGE")
        }
    }

    /// For what developers cannot mend.
    private func operatorAdvice(_ cause: RollOutCause, imageSetting: String) -> String {
        switch cause {
        case .imageUnavailable, .imageNameInvalid:
            "Ask whoever runs the bot: \(imageSetting) names an image that the cluster can fetch."
        default: "Ask whoever runs the cluster, and show them this."
        }
    }
}
