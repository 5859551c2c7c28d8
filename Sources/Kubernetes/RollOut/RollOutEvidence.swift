import Deploys
import JSON

/// Finds out, once a roll-out has failed, what to tell about it.
struct RollOutEvidence {
    let client: KubernetesClient
    let limits: RollOutLimits

    enum Failure: Equatable {
        /// What was found is certain, or time is up.
        case cause
        case deadline
        /// There is nothing to look up.
        case sentence(String)
    }

    func error(
        for target: RollOutTarget, _ failure: Failure, snapshot: ClusterWatches.Snapshot
    ) async -> RollOutError {
        if case .sentence(let sentence) = failure {
            return .failed(appling: target.name, cause: sentence, advice: "Deploy again.", evidence: [])
        }
        let deployment = snapshot.deployments[target.name] ?? [:]
        var pods = Pods.current(of: deployment, among: snapshot.pods)
        if pods.isEmpty {
            // The two watches are not in step: this one may have its news a moment later.
            let listed = (try? await client.list(.pods, namespace: target.namespace))?.items ?? []
            pods = Pods.current(of: deployment, among: listed)
        }
        // Events say more, but without them the cause is still known.
        let events = (try? await client.list(.events, namespace: target.namespace))?.items ?? []
        guard let found = FirstCause.find(deployment: deployment, pods: pods, events: events) else {
            return .failed(
                appling: target.name, cause: target.words.noCause, advice: nil,
                evidence: clean(warnings(about: pods, in: events)))
        }
        return .failed(
            appling: target.name, cause: target.words.sentence(found.cause),
            advice: target.words.advice(found.cause), evidence: await evidence(for: found, target: target))
    }

    private func evidence(for found: FirstCause, target: RollOutTarget) async -> [String] {
        if case .imageUnavailable(_, let detail, _) = found.cause { return clean([detail]) }
        guard let log = found.log else { return [] }
        // The program may have been started again since, or may never have run before.
        for previous in [log.previous, !log.previous] {
            let lines = try? await client.podLog(
                namespace: target.namespace, pod: log.pod, container: log.container, previous: previous,
                tailLines: limits.maxEvidenceLines)
            if let lines, !lines.isEmpty { return clean(lines) }
        }
        return []
    }

    /// The newest warnings, for when no cause is known.
    private func warnings(about pods: [JSON], in events: [JSON]) -> [String] {
        let uids = Set(pods.compactMap { $0.at("metadata", "uid")?.string })
        return
            events
            .filter {
                $0["type"]?.string == "Warning" && uids.contains($0.at("involvedObject", "uid")?.string ?? "")
            }
            .compactMap { event in
                event["message"]?.string.map { "\(event["reason"]?.string ?? "Warning"): \($0)" }
            }
    }

    /// Bounded, and without what a terminal would obey.
    private func clean(_ lines: [String]) -> [String] {
        lines.suffix(limits.maxEvidenceLines).map { line in
            let visible = line.unicodeScalars.filter { scalar in
                scalar == "\t" || scalar.properties.generalCategory != .control
            }
            return String(String.UnicodeScalarView(visible).prefix(limits.maxEvidenceLineCharacters))
        }
    }
}
