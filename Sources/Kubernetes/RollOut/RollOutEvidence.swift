import Deploys
import JSON

/// Finds out, once a roll-out has failed, what to tell about it.
struct RollOutEvidence {
    let client: KubernetesClient
    let limits: RollOutLimits

    enum Failure: Equatable {
        /// What was found is certain.
        case cause
        /// Time is up.
        /// - Parameter lastCause: what stood in the way when it was looked at last; by now, the pods that knew may be
        ///   gone.
        case deadline(lastCause: RollOutCause?)
        /// There is nothing to look up.
        case sentence(String)
    }

    func error(
        for target: RollOutTarget, _ failure: Failure, snapshot: ClusterWatches.Snapshot
    ) async -> RollOutError {
        if case .sentence(let sentence) = failure {
            return .failed(appling: target.words.name, cause: sentence, advice: "Deploy again.", evidence: [])
        }
        let object = snapshot.object(of: target) ?? [:]
        var pods = target.pods(of: object, among: snapshot.pods)
        if pods.isEmpty {
            // The watches are not in step: this one may have its news a moment later.
            let listed = (try? await client.list(.pods, namespace: target.namespace))?.items ?? []
            pods = target.pods(of: object, among: listed)
        }
        let events = await events(in: target.namespace)
        guard let found = found(for: target, failure, in: object, pods, events) else {
            let isOver = failure == .cause
            return .failed(
                appling: target.words.name, cause: target.words.noCause(isOver: isOver),
                advice: target.words.adviceWithoutCause(isOver: isOver),
                evidence: await evidence(without: target, pods, events))
        }
        let words = target.words.about(container: found.container)
        return .failed(
            appling: target.words.name, cause: words.sentence(found.cause), advice: words.advice(found.cause),
            evidence: await evidence(for: found, target: target))
    }

    private func found(
        for target: RollOutTarget, _ failure: Failure, in object: JSON, _ pods: [JSON], _ events: [JSON]
    ) -> FirstCause? {
        let found = FirstCause.find(in: object, pods: pods, events: events)
        guard case .deadline(let lastCause) = failure else { return found }
        // A command that was stopped because its time was up did not fail by itself.
        if target.workload == .job, let found, found.cause.isEnd { return nil }
        return found ?? lastCause.map { FirstCause(cause: $0, log: nil) }
    }

    /// Events say more, but without them what else is known still holds: none if they cannot be had.
    func events(in namespace: String) async -> [JSON] {
        (try? await client.list(.events, namespace: namespace))?.items ?? []
    }

    private func evidence(for found: FirstCause, target: RollOutTarget) async -> [String] {
        if case .imageUnavailable(_, let detail, _) = found.cause { return clean([detail]) }
        guard let log = found.log else { return [] }
        return await lines(of: log, in: target.namespace)
    }

    private func lines(of log: FirstCause.LogReference, in namespace: String) async -> [String] {
        // The program may have been started again since, or may never have run before.
        for previous in [log.previous, !log.previous] {
            let lines = try? await client.podLog(
                namespace: namespace, pod: log.pod, container: log.container, previous: previous,
                tailLines: limits.maxEvidenceLines)
            if let lines, !lines.isEmpty { return clean(lines) }
        }
        return []
    }

    /// For when no cause is known: what a command wrote last, or the newest warnings.
    private func evidence(without target: RollOutTarget, _ pods: [JSON], _ events: [JSON]) async -> [String] {
        if target.workload == .job, let pod = pods.last {
            let log = FirstCause.LogReference(
                pod: Pods.name(pod), container: ReleaseJob.containerName, previous: false)
            let lines = await lines(of: log, in: target.namespace)
            if !lines.isEmpty { return lines }
        }
        let uids = Set(pods.compactMap { $0.at("metadata", "uid")?.string } + [target.uid])
        return clean(
            events
                .filter {
                    $0["type"]?.string == "Warning"
                        && uids.contains($0.at("involvedObject", "uid")?.string ?? "")
                }
                .compactMap { event in
                    event["message"]?.string.map { "\(event["reason"]?.string ?? "Warning"): \($0)" }
                })
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
