/// The end of a container's output, as far as people need it.
struct EvidenceLog {
    let client: KubernetesClient
    let limits: RollOutLimits

    /// Empty when it cannot be had.
    func lines(of log: FirstCause.LogReference, in namespace: String) async -> [String] {
        let lines = await client.timing.within(limits.maxEvidenceWait) { [client, limits] in
            // The program may have been started again since, or may never have run before.
            for previous in [log.previous, !log.previous] {
                let lines = try? await client.podLog(
                    namespace: namespace, pod: log.pod, container: log.container, previous: previous,
                    tailLines: limits.maxEvidenceLines)
                if let lines, !lines.isEmpty { return lines }
            }
            return []
        }
        return clean(lines ?? [])
    }

    /// Bounded, and without what a terminal would obey.
    func clean(_ lines: [String]) -> [String] {
        lines.suffix(limits.maxEvidenceLines).map { line in
            let visible = line.unicodeScalars.filter { scalar in
                scalar == "\t" || scalar.properties.generalCategory != .control
            }
            return String(String.UnicodeScalarView(visible).prefix(limits.maxEvidenceLineCharacters))
        }
    }
}
