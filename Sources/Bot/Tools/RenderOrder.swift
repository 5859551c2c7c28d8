import Deploys
import Foundation
import Images
import Kubernetes

/// What to render, in the words of a command line.
package struct RenderOrder: Sendable {
    package let directory: String
    private let app: AppID
    private let environment: EnvironmentName
    /// Nil takes what the folder's repository is at.
    private let commit: CommitID?
    private let images: [String: ImageReference]
    private let settings: Settings.Rendering

    /// - Parameters:
    ///   - images: `REF`, or `APPLING=REF`.
    ///   - routing: a profile instead of the one that the process's environment names.
    ///   - kubernetes: a version, as `1.29`.
    package init(
        directory: String, app: String, environment: String, commit: String?, images: [String], routing: String?,
        kubernetes: String?
    ) throws {
        var variables = ProcessInfo.processInfo.environment
        if let routing {
            guard ["gateway", "ingress"].contains(routing) else {
                throw WrongUsage("--routing must be gateway or ingress, not \(routing).")
            }
            variables["ITERAPP_ROUTING"] = routing
        }
        var settings = try Settings.Rendering.read(variables)
        if let kubernetes { settings.options.kubernetesMinor = try Self.minor(kubernetes) }
        self.settings = settings
        self.directory = directory
        self.app = try Self.app(app, settings.naming.defaultOrganisation)
        guard let environment = EnvironmentName(parsing: environment) else {
            throw WrongUsage("--env must be prod, test or snap0 to snap9, not \(environment).")
        }
        self.environment = environment
        self.commit = try commit.map(Self.commit)
        self.images = try Self.images(images)
    }

    /// - Returns: with a warning when the folder's repository does not tell its commit.
    package func render() async throws -> (rendering: RepositoryRendering, warnings: [String]) {
        var (commit, warnings) = (commit, [String]())
        if commit == nil {
            let tree = WorkTree(directory, environment: Settings.programVariables(ProcessInfo.processInfo.environment))
            do throws(WorkTreeError) { commit = try await tree.commit() } catch {
                warnings.append("\(error.sentence) Say which one it is with --commit.")
            }
        }
        let rendering = try RepositoryRendering(
            directory: directory, app: app, environment: environment, commit: commit ?? .unknown, images: images,
            settings: settings)
        return (rendering, warnings + rendering.warnings)
    }

    static func app(_ text: String, _ defaultOrganisation: String) throws(WrongUsage) -> AppID {
        guard let app = AppID(parsing: text, defaultOrganisation: defaultOrganisation) else {
            throw WrongUsage("--app must be a repository's name, such as cats or org/cats, not \(text).")
        }
        return app
    }

    private static func commit(_ text: String) throws(WrongUsage) -> CommitID {
        if text == CommitID.unknown.sha { return .unknown }
        guard let commit = CommitID(text) else {
            throw WrongUsage("--commit must be the 40 hexadecimal digits of a commit, not \(text).")
        }
        return commit
    }

    private static func images(_ texts: [String]) throws(WrongUsage) -> [String: ImageReference] {
        var images: [String: ImageReference] = [:]
        for text in texts {
            // No reference contains an equals sign (https://github.com/distribution/reference).
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let (appling, image) = (parts.count > 1 ? parts[0] : "", parts[parts.count - 1])
            guard !image.isEmpty, image.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "=") })
            else { throw WrongUsage("--image must be an image's name, or APPLING=IMAGE, not \(text).") }
            guard images.updateValue(ImageReference(image), forKey: appling) == nil else {
                let whose = appling.isEmpty ? "" : " of \(appling)"
                throw WrongUsage("The image\(whose) is given twice.")
            }
        }
        return images
    }

    private static func minor(_ text: String) throws(WrongUsage) -> Int {
        guard let minor = RenderOptions.kubernetesMinor(ofVersion: text) else {
            let oldest = RenderOptions.kubernetesMinors.lowerBound
            throw WrongUsage("--kubernetes must be a version, 1.\(oldest) or newer, not \(text).")
        }
        return minor
    }
}
