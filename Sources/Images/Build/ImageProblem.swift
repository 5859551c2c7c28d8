import Deploys

/// Why an image that a Dockerfile builds on could not be pulled.
struct ImageProblem {
    let sentence: String

    /// - Parameters:
    ///   - image: as the Dockerfile has it.
    ///   - step: the step that looked it up.
    ///   - reason: BuildKit's error.
    init(_ image: String, _ step: StepName, _ reason: String, _ place: BuildPlace) {
        let shown = quoted(image)
        if step.isSyntaxImage {
            sentence =
                "The image \(shown), named by the Dockerfile's `# syntax=` line, \(Self.verdict(reason, place)). "
                + "Most Dockerfiles work without that line."
            return
        }
        // `COPY --from=builder` without such a stage means an image of that name.
        let isBareName = !image.contains("/") && image.hasSuffix(":latest")
        let hint =
            isBareName
            ? " If \(quoted(String(image.dropLast(7)))) should be a stage, no `FROM … AS` names it." : ""
        sentence = "The base image \(shown) \(Self.verdict(reason, place)).\(hint)"
    }

    private static func verdict(_ reason: String, _ place: BuildPlace) -> String {
        func says(_ texts: String...) -> Bool { texts.contains { reason.contains($0) } }
        let detail = reason.components(separatedBy: ": ").last ?? reason
        if says("no match for platform", "no matching manifest") { return "has no variant for linux/amd64" }
        if says(
            "pull access denied", "unauthorized", "authorization failed", "insufficient_scope", "denied:",
            "Forbidden")
        {
            return "does not exist, or may not be pulled without signing in to its registry"
        }
        if says(
            "no such host", "dial tcp", "connection refused", "i/o timeout", "TLS handshake", "certificate",
            "failed to do request", "Service Unavailable", "Too Many Requests")
        {
            return "can't be pulled: \(place.name) can't reach its registry (\(detail))"
        }
        if says("not found", "manifest unknown", "NotFound") { return "does not exist" }
        return "can't be pulled: \(reason)"
    }
}
