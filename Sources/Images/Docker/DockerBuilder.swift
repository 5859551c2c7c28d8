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
    private let work: String
    private let inputs: InputFingerprint?

    package static let defaultTimeLimit = Duration.seconds(30 * 60)
    /// Of a Dockerfile; generated ones are long, but not that long.
    static let maxDockerfileBytes = 1 << 20

    /// - Parameters:
    ///   - defaultOrganisation: its images are named without it.
    ///   - registry: where images are pushed to, such as `registry.example/apps`; nil leaves them in the
    ///     engine.
    ///   - labels: put on every image besides the ones that say what it was built from.
    ///   - timeLimit: of one image.
    ///   - work: a folder for what builds need on the disk. What it holds is removed: it is another process's that was
    ///     killed.
    ///   - inputs: tells what images are made of; nil when nobody asks.
    package init(
        engine: DockerEngine, defaultOrganisation: String, registry: String? = nil,
        work: URL, labels: [String: String] = [:], timeLimit: Duration = defaultTimeLimit,
        inputs: InputFingerprint? = nil
    ) {
        self.engine = engine
        self.defaultOrganisation = defaultOrganisation
        self.registry = registry
        self.labels = labels
        self.timeLimit = timeLimit
        self.work = work.path
        self.inputs = inputs
        BuildFolder.removeAll(in: work.path)
    }

    /// - Returns: `iterapp/cats:1a2b3c4-12`; with a registry, `registry.example/apps/cats@sha256:…`.
    package func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void,
        onSteps: @escaping @Sendable (StepCount) -> Void
    ) async throws(BuildError) -> ImageReference {
        let dockerfile = try Dockerfile(request)
        let name = ImageName(request, defaultOrganisation: defaultOrganisation, registry: registry)
        let folder = try BuildFolder(in: work, secrets: request.secrets, authFile: nil)
        defer { folder.remove() }
        let arguments = arguments(request, dockerfile, name) + folder.secretOptions + ["--", dockerfile.context.path]
        let output = Mutex(BuildOutput())
        let exitCode: Int32
        do {
            let result = try await engine.run(arguments, timeLimit: timeLimit) { line in
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

    package func fingerprint(of request: ImageRequest) async -> BuildFingerprint? {
        let name = ImageName(request, defaultOrganisation: defaultOrganisation, registry: registry)
        return await inputs?.make(request, destination: ["docker", engine.host, name.repository])
    }

    /// An image in a registry is asked for there: nodes pull it from there.
    package func has(_ image: ImageReference) async -> Bool? {
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
        return arguments
    }
}
