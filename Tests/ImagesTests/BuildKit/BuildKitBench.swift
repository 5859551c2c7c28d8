import Deploys
import Foundation
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Images

/// A builder with a `buildctl` of its own, real or not, and a place for what it leaves behind.
struct BuildKitBench {
    let root: URL
    let builder: BuildKitBuilder
    /// Of the builder: empty between builds.
    let work: URL

    init(
        _ root: URL, program folder: URL, host: String = "tcp://127.0.0.1:1", tls: BuildKit.TLS? = nil,
        registry: String = "127.0.0.1:5000/apps", authFile: String? = nil, environment: [String: String] = [:],
        timeLimit: Duration = .seconds(60),
        maxOutputBytes: Int = BuildKitBuilder.usualMaxOutputBytes, retryPause: Duration = .zero
    ) {
        self.root = root
        work = root.appending(path: "work")
        let variables = ["PATH": folder.path + ":/usr/bin:/bin", "HOME": root.path].merging(environment) { $1 }
        builder = BuildKitBuilder(
            BuildKit(host: host, tls: tls, environment: variables),
            registry: Registry(prefix: registry, authFile: authFile, environment: variables),
            defaultOrganisation: "iterate", work: work, timeLimit: timeLimit,
            maxOutputBytes: maxOutputBytes, retryPause: retryPause)
    }

    /// A folder with that Dockerfile.
    func context(_ dockerfile: String, files: [String: String] = [:]) throws -> URL {
        let context = root.appending(path: "context-\(UUID().uuidString)")
        for (path, text) in files.merging(["Dockerfile": dockerfile], uniquingKeysWith: { $1 }) {
            let file = context.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return context
    }

    struct Built {
        var image: ImageReference?
        var error: BuildError?
        var lines: [String] = []
        var counts: [StepCount] = []

        var log: String { lines.joined(separator: "\n") }
        /// Of what failed: its sentence.
        var sentence: String {
            switch error {
            case .failed(let sentence, _), .engineUnavailable(let sentence), .diskFull(let sentence): sentence
            case .timedOut: "timed out"
            case .some(let error): "\(error)"
            case nil: "built"
            }
        }
    }

    func build(
        _ request: ImageRequest, onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> Built {
        let told = Mutex(Built())
        do throws(BuildError) {
            let image = try await builder.build(request) { line in
                told.withLock { $0.lines.append(line) }
                onLine(line)
            } onSteps: { count in
                told.withLock { $0.counts.append(count) }
            }
            told.withLock { $0.image = image }
        } catch {
            told.withLock { $0.error = error }
        }
        return told.withLock { $0 }
    }

    var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: work.path)) ?? [] }
}
