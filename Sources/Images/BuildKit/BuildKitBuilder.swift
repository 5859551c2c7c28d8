import Deploys
import Foundation
import JSON

/// Builds images with BuildKit and has it push them into a registry.
package struct BuildKitBuilder: ImageBuilder {
    private let buildKit: BuildKit
    private let registry: Registry
    private let defaultOrganisation: String
    private let labels: [String: String]
    private let timeLimit: Duration
    private let maxOutputBytes: Int
    private let retryPause: Duration
    private let work: String
    private let inputs: InputFingerprint?

    package static let defaultTimeLimit = Duration.seconds(30 * 60)
    package static let usualMaxOutputBytes = RawProgress.usualMaxOutputBytes
    /// One more try after the connection was lost in the middle of a build, or the registry did not take the image.
    private static let maxTries = 2

    /// - Parameters:
    ///   - registry: where images are pushed to.
    ///   - defaultOrganisation: its images are named without it.
    ///   - work: a folder for what builds need on the disk. What it holds is removed: it is another process's that was
    ///     killed.
    ///   - inputs: tells what images are made of; nil when nobody asks.
    ///   - labels: put on every image besides the ones that say what it was built from.
    ///   - timeLimit: of one image.
    ///   - maxOutputBytes: of what an image's steps print; further output is left out.
    ///   - retryPause: after the connection was lost; BuildKit may be starting again.
    package init(
        _ buildKit: BuildKit, registry: Registry, defaultOrganisation: String, work: URL,
        inputs: InputFingerprint? = nil, labels: [String: String] = [:], timeLimit: Duration = defaultTimeLimit,
        maxOutputBytes: Int = usualMaxOutputBytes, retryPause: Duration = .seconds(3)
    ) {
        self.buildKit = buildKit
        self.registry = registry
        self.defaultOrganisation = defaultOrganisation
        self.work = work.path
        self.inputs = inputs
        self.labels = labels
        self.timeLimit = timeLimit
        self.maxOutputBytes = maxOutputBytes
        self.retryPause = retryPause
        BuildFolder.removeAll(in: work.path)
    }

    /// - Returns: `registry.example/apps/cats@sha256:…`
    package func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void,
        onSteps: @escaping @Sendable (StepCount) -> Void
    ) async throws(BuildError) -> ImageReference {
        let dockerfile = try Dockerfile(request)
        let name = ImageName(request, defaultOrganisation: defaultOrganisation, registry: registry.prefix)
        let folder = try BuildFolder(in: work, secrets: request.secrets, authFile: registry.authFile)
        defer { folder.remove() }
        let arguments = BuildctlArguments(
            request: request, dockerfile: dockerfile, name: name,
            labels: labels.merging(ImageTarget.labels(request)) { $1 }, folder: folder)
        var firstNumber = 1
        for attempt in 1... {
            let reader = ProgressReader(
                firstNumber: firstNumber, maxOutputBytes: maxOutputBytes, onLine: onLine, onSteps: onSteps)
            let exitCode = try await run(arguments, reader)
            if exitCode == 0 { break }
            let failure = BuildFailure(reader.record, dockerfile, name, buildKit.place, exitCode: exitCode)
            guard attempt < Self.maxTries, let reason = Self.reasonToTryAgain(failure) else { throw failure.error }
            onLine("\(reason); the build begins again.")
            firstNumber = reader.nextNumber
            do { try await Task.sleep(for: retryPause) } catch { throw .cancelled }
        }
        return try image(name, folder)
    }

    package func fingerprint(of request: ImageRequest) async -> BuildFingerprint? {
        let name = ImageName(request, defaultOrganisation: defaultOrganisation, registry: registry.prefix)
        return await inputs?.make(request, destination: ["buildkit", name.repository])
    }

    package func has(_ image: ImageReference) async -> Bool? { await registry.has(image.text) }

    private func run(_ arguments: BuildctlArguments, _ reader: ProgressReader) async throws(BuildError) -> Int32 {
        do {
            let exitCode = try await buildKit.build(
                arguments.list, dockerConfig: arguments.folder.dockerConfig, timeLimit: timeLimit
            ) {
                reader.take($0)
            }
            reader.finish(succeeded: exitCode == 0)
            return exitCode
        } catch {
            switch error {
            case .build(let error): throw error
            case .timedOut:
                throw .timedOut(afterSeconds: Int(timeLimit.components.seconds), tail: reader.record.tail)
            }
        }
    }

    private static func reasonToTryAgain(_ failure: BuildFailure) -> String? {
        if failure.isLostConnection { return "The connection to BuildKit was lost" }
        return failure.isPushTrouble ? "The image could not be pushed" : nil
    }

    /// https://docs.docker.com/build/exporters/image-registry/ (`containerimage.digest` of the metadata file)
    private func image(_ name: ImageName, _ folder: BuildFolder) throws(BuildError) -> ImageReference {
        let bytes = FileManager.default.contents(atPath: folder.metadata) ?? Data()
        let digest = (try? JSON.parse(bytes))?["containerimage.digest"]?.string
        guard let digest, digest.wholeMatch(of: #/sha256:[0-9a-f]{64}/#) != nil else {
            throw .failed(sentence: "BuildKit built \(quoted(name.text)) but did not tell its digest.", tail: [])
        }
        return ImageReference("\(name.repository)@\(digest)")
    }
}
