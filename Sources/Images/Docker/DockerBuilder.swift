import AppFile
import Deploys
import Foundation
import Synchronization

/// Builds images with the BuildKit of a Docker Engine.
package struct DockerBuilder: ImageBuilder {
    private let engine: DockerEngine
    private let defaultOrganisation: String
    private let registry: String?
    private let labels: [String: String]
    private let timeLimit: Duration

    package static let defaultTimeLimit = Duration.seconds(30 * 60)
    /// Of a Dockerfile; generated ones are long, but not that long.
    static let maxDockerfileBytes = 1 << 20

    /// - Parameters:
    ///   - defaultOrganisation: its images are named without it.
    ///   - registry: where images are pushed to, such as `registry.example/apps`; nil leaves them in the
    ///     engine.
    ///   - labels: put on every image besides the ones that say what it was built from.
    ///   - timeLimit: of one image.
    package init(
        engine: DockerEngine, defaultOrganisation: String, registry: String? = nil,
        labels: [String: String] = [:], timeLimit: Duration = defaultTimeLimit
    ) {
        self.engine = engine
        self.defaultOrganisation = defaultOrganisation
        self.registry = registry
        self.labels = labels
        self.timeLimit = timeLimit
    }

    /// - Returns: `iterapp/cats:1a2b3c4-12`; with a registry, `registry.example/apps/cats@sha256:…`.
    package func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void,
        onSteps: @escaping @Sendable (StepCount) -> Void
    ) async throws(BuildError) -> ImageReference {
        let dockerfile = try Dockerfile(request)
        let name = ImageName(request, defaultOrganisation: defaultOrganisation, registry: registry)
        let output = Mutex(BuildOutput())
        let exitCode: Int32
        do {
            let result = try await engine.run(arguments(request, dockerfile, name), timeLimit: timeLimit) {
                line in
                let (shown, before, after) = output.withLock { output in
                    let before = output.progress.count
                    return (output.take(line), before, output.progress.count)
                }
                if let shown { onLine(shown) }
                if let after, after != before { onSteps(after) }
            }
            exitCode = result.exitCode
        } catch {
            switch error {
            case .build(let error): throw error
            case .timedOut:
                throw .timedOut(
                    afterSeconds: Int(timeLimit.components.seconds), tail: output.withLock { $0.record.tail })
            }
        }
        if exitCode != 0 {
            let record = output.withLock { $0.record }
            throw BuildFailure(record, dockerfile, name, engine.place, exitCode: exitCode).error
        }
        guard registry != nil else { return ImageReference(name.text) }
        return try await RegistryPush(engine: engine, timeLimit: timeLimit).push(name, onLine: onLine)
    }

    /// An image in a registry is asked for there: nodes pull it from there.
    package func has(_ image: ImageReference) async -> Bool {
        if image.text.contains("@sha256:") {
            return await RegistryPush(engine: engine, timeLimit: timeLimit).has(image.text)
        }
        return await engine.has(image.text)
    }

    private func arguments(_ request: ImageRequest, _ dockerfile: Dockerfile, _ name: ImageName) -> [String] {
        let labels = labels.merging(ImageTarget.labels(request)) { $1 }
        let date = request.buildDate.formatted(.iso8601)
        var arguments = [
            "build", "--progress=plain", "--platform=" + ImageTarget.platform, "--file=" + dockerfile.file.path,
            "--build-arg=\(ImageTarget.buildDate)=" + date, "--tag=" + name.text,
        ]
        arguments += labels.sorted { $0.key < $1.key }.map { "--label=\($0.key)=\($0.value)" }
        return arguments + ["--", dockerfile.context.path]
    }
}
