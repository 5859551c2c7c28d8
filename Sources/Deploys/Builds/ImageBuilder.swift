import Foundation

/// Turns a check-out into an image for linux/amd64.
package protocol ImageBuilder: Sendable {
    /// - Parameters:
    ///   - onLine: each line of the build's log, while it runs.
    ///   - onSteps: how many of its steps are behind it, whenever that changes.
    func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void,
        onSteps: @escaping @Sendable (StepCount) -> Void
    ) async throws(BuildError) -> ImageReference

    /// What the image would be made of. Nil when nobody can tell, or when the Dockerfile wants each build to be new.
    func fingerprint(of request: ImageRequest) async -> BuildFingerprint?

    /// Whether the image is still where it was put; nil when nobody answers who knows.
    func has(_ image: ImageReference) async -> Bool?
}

package struct ImageRequest: Sendable {
    package let app: AppID
    package let appling: String?
    package let commit: CommitID
    package let buildNumber: Int
    /// The repository's root: the build context.
    package let context: URL
    /// Relative to the context: `Dockerfile`, `frontend/Dockerfile`.
    package let dockerfile: String
    /// The value of `BUILD_DATE_USED_FOR_CACHE_BUSTING`, as ISO 8601.
    package let buildDate: Date
    /// What `RUN --mount=type=secret` may read.
    package let secrets: BuildSecrets

    package init(
        app: AppID, appling: String?, commit: CommitID, buildNumber: Int, context: URL,
        dockerfile: String, buildDate: Date, secrets: BuildSecrets = BuildSecrets()
    ) {
        self.app = app
        self.appling = appling
        self.commit = commit
        self.buildNumber = buildNumber
        self.context = context
        self.dockerfile = dockerfile
        self.buildDate = buildDate
        self.secrets = secrets
    }
}

package enum BuildError: Error, Sendable, Equatable {
    /// `lookedFor` is relative to the repository's root.
    case noDockerfile(lookedFor: String)
    /// The Dockerfile is at fault. `sentence` names the step; `tail` holds the last log lines.
    case failed(sentence: String, tail: [String])
    /// The engine can't be used; worth another try. The sentence says what to start or install.
    case engineUnavailable(String)
    case diskFull(String)
    case timedOut(afterSeconds: Int, tail: [String])
    case cancelled
}

/// Keeps each build's log, line by line, while it is written: as `buildctl build --progress=plain` prints it, in
/// colours.
package protocol BuildLogs: Sendable {
    /// Starts the log of one appling's build anew.
    func open(app: AppID, build: Int, appling: String?) throws -> any BuildLogWriter
}

package protocol BuildLogWriter: Sendable {
    func write(_ line: String)
    func close()
}
