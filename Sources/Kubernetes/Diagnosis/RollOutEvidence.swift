import Deploys
import JSON

/// Finds out, once a roll-out has failed, what to tell about it. Everything is asked for at once and within a
/// limit: whatever cannot be had never hides the cause, and never holds up what comes next.
struct RollOutEvidence: Sendable {
    let client: KubernetesClient
    let limits: RollOutLimits

    /// What there is to tell about one target.
    private struct Report {
        let words: CauseWords
        let rank: Int
        /// Its time was not up.
        let isBeside: Bool
        let sentence: String
        /// In a few words, behind its name.
        let label: String
        let advice: String?
        /// Where its evidence is.
        let source: Source
    }

    private enum Source {
        case lines([String])
        case log(FirstCause.LogReference)
        /// No cause is known: what a command wrote last, or the newest warnings.
        case warnings(pods: [JSON])
    }

    /// - Parameter failures: at least one.
    func error(for failures: [RollOutFailure], snapshot: ClusterWatches.Snapshot) async -> RollOutError {
        let namespace = failures.first?.target.namespace ?? ""
        let events = EventIndex(await events(in: namespace) ?? [])
        var reports: [(report: Report, target: RollOutTarget)] = []
        for failure in failures {
            reports.append((await report(on: failure, snapshot, events), failure.target))
        }
        // The most telling first; what fails equally stays in its order.
        let sorted = reports.enumerated().sorted { one, other in
            let (left, right) = (one.element.report, other.element.report)
            return (left.isBeside ? 1 : 0, left.rank, one.offset) < (right.isBeside ? 1 : 0, right.rank, other.offset)
        }.map(\.element)
        guard let (first, target) = sorted.first else { return .cancelled }
        let others = sorted.dropFirst().map { "\($0.report.words.name): \($0.report.label)" }
        let cause =
            others.isEmpty
            ? first.sentence : "\(CauseWords.withoutFullStop(first.sentence)); \(others.joined(separator: "; "))."
        return .failed(
            appling: first.words.name, cause: cause, advice: first.advice,
            evidence: await lines(first.source, of: target, events))
    }

    /// Nil when they cannot be had: without them, what else is known still holds.
    func events(in namespace: String) async -> [JSON]? {
        await client.timing.within(limits.maxEvidenceWait) { [client] in
            (try? await client.list(.events, namespace: namespace))?.items
        }
    }

    private func report(
        on failure: RollOutFailure, _ snapshot: ClusterWatches.Snapshot, _ events: EventIndex
    ) async -> Report {
        let target = failure.target
        if case .sentence(let sentence) = failure.reason {
            return Report(
                words: target.words, rank: -1, isBeside: false, sentence: sentence, label: "changed by somebody",
                advice: "Deploy again.", source: .lines([]))
        }
        let object = snapshot.object(of: target) ?? [:]
        let pods = await pods(of: target, object, snapshot)
        let diagnosis = diagnosis(failure, object, pods, events)
        guard let finding = diagnosis?.first, let diagnosis, let sentence = target.words.sentence(diagnosis) else {
            return withoutCause(failure, pods)
        }
        let words = target.words.about(finding.container)
        return Report(
            words: target.words, rank: finding.cause.rank, isBeside: failure.reason == .beside, sentence: sentence,
            label: words.label(finding.cause), advice: words.advice(finding.cause), source: source(of: finding))
    }

    /// The watches need not be in step: the pods may have their news a moment later.
    private func pods(
        of target: RollOutTarget, _ object: JSON, _ snapshot: ClusterWatches.Snapshot
    ) async -> [JSON] {
        let pods = target.pods(of: object, among: snapshot.pods)
        guard pods.isEmpty else { return pods }
        let listed = await client.timing.within(limits.maxEvidenceWait) { [client] in
            (try? await client.list(.pods, namespace: target.namespace))?.items
        }
        return target.pods(of: object, among: listed ?? [])
    }

    private func diagnosis(
        _ failure: RollOutFailure, _ object: JSON, _ pods: [JSON], _ events: EventIndex
    ) -> Diagnosis? {
        let target = failure.target
        let found = Diagnosis(of: object, target.workload, pods: pods, events: events)
        switch failure.reason {
        case .cause(let certain): return found.led { certain.contains($0.cause.identity) }
        case .deadline(let last):
            // A command that was stopped because its time was up did not fail by itself.
            if target.workload == .job, found.first?.cause.isEnd == true { return nil }
            return found.first == nil ? last : found
        case .sentence, .beside: return found
        }
    }

    private func withoutCause(_ failure: RollOutFailure, _ pods: [JSON]) -> Report {
        let words = failure.target.words
        var state = CauseWords.PodsWithoutCause.there
        var isOver = true
        if case .deadline(let last) = failure.reason {
            isOver = false
            if pods.isEmpty && (last?.pods ?? 0) == 0 { state = .neverMade }
            if failure.target.workload == .deployment, !pods.isEmpty, pods.allSatisfy(Pods.isReady) { state = .ready }
        }
        return Report(
            words: words, rank: .max, isBeside: failure.reason == .beside,
            sentence: words.noCause(isOver: isOver, state), label: "not ready",
            advice: words.adviceWithoutCause(isOver: isOver, state), source: .warnings(pods: pods))
    }

    private func source(of finding: FirstCause) -> Source {
        switch finding.cause {
        case .imageUnavailable(_, let detail, _), .podsRefused(let detail, _): return .lines([detail])
        default: return finding.log.map { .log($0) } ?? .lines([])
        }
    }

    private func lines(_ source: Source, of target: RollOutTarget, _ events: EventIndex) async -> [String] {
        let log = EvidenceLog(client: client, limits: limits)
        switch source {
        case .lines(let lines): return log.clean(lines)
        case .log(let reference): return await log.lines(of: reference, in: target.namespace)
        case .warnings(let pods):
            if target.workload == .job, let pod = pods.last {
                let reference = FirstCause.LogReference(
                    pod: Pods.name(pod), container: ReleaseJob.containerName, previous: false)
                let lines = await log.lines(of: reference, in: target.namespace)
                if !lines.isEmpty { return lines }
            }
            let uids = Set(pods.compactMap { $0.at("metadata", "uid")?.string } + [target.uid])
            return log.clean(
                events.warnings(about: uids).compactMap { event in
                    event["message"]?.string.map { "\(event["reason"]?.string ?? "Warning"): \($0)" }
                })
        }
    }
}
