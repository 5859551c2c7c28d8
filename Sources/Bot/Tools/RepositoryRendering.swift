import AppFile
import Deploys
import Images
import JSON
import Kubernetes

/// The Kubernetes objects of a repository's files, made without a cluster, a build or anybody's secret.
package struct RepositoryRendering: Sendable {
    package let check: RepositoryCheck
    /// In the order in which they need each other; nil exactly when the check has an error.
    package let objects: [JSON]?
    /// What will not be as asked for, and what only a deploy adds; a sentence each.
    package let warnings: [String]

    /// - Parameters:
    ///   - directory: a repository's root.
    ///   - commit: that the files are of.
    ///   - images: by appling; the key is empty for an app without applings. Those that are missing are called as the
    ///     builder would call them.
    /// - Throws: when the folder can't be read, or an image is of no appling.
    package init(
        directory: String, app: AppID, environment: EnvironmentName, commit: CommitID = .unknown,
        images: [String: ImageReference] = [:], settings: Settings.Rendering
    ) throws(InputProblem) {
        var check = try RepositoryCheck(directory: directory, app: app)
        var rendering: Kubernetes.Rendering?
        if let file = check.file {
            try Self.refuseUnknown(images, file)
            do throws(InputProblem) {
                rendering = try Self.render(file, app, environment, settings, commit: commit, images: images)
            } catch {
                check.add(faultsOfTheWhole: [error.sentence])
            }
        }
        self.check = check
        (objects, warnings) = (rendering?.shownObjects, rendering.map { $0.warnings + $0.omissions } ?? [])
    }

    /// The objects as the one object that `kubectl apply -f -` takes; nil when the check has an error.
    package var list: String? {
        objects.map { KubernetesObjects.list($0).prettyText + "\n" }
    }

    /// Builds count from 1, so this is nobody's.
    private static let buildNumber = 0

    /// - Throws: why nothing can be made of settings that are right each by itself.
    static func render(
        _ file: AppFile, _ app: AppID, _ environment: EnvironmentName, _ settings: Settings.Rendering,
        commit: CommitID = .unknown, images: [String: ImageReference] = [:]
    ) throws(InputProblem) -> Kubernetes.Rendering {
        let plan = ReleasePlan(
            operation: OperationID(0), app: app, environment: environment, file: file, commit: commit,
            buildNumber: buildNumber,
            images: builtImages(of: file, app, commit, settings).merging(images) { _, given in given })
        let release: Release
        do throws(Failure) { release = try plan.release(settings.naming) } catch {
            throw InputProblem(([error.sentence] + (error.advice.map { [$0] } ?? [])).joined(separator: " "))
        }
        do throws(RenderError) { return try KubernetesObjects.render(release, settings.options) } catch {
            throw InputProblem(error.sentence)
        }
    }

    private static func builtImages(
        of file: AppFile, _ app: AppID, _ commit: CommitID, _ settings: Settings.Rendering
    ) -> [String: ImageReference] {
        var images: [String: ImageReference] = [:]
        for appling in file.applings {
            let name = ImageName(
                app: app, appling: appling.name, commit: commit, buildNumber: buildNumber,
                defaultOrganisation: settings.naming.defaultOrganisation, registry: settings.registry)
            images[appling.name ?? ""] = ImageReference(name.text)
        }
        return images
    }

    private static func refuseUnknown(_ images: [String: ImageReference], _ file: AppFile) throws(InputProblem) {
        let known = file.applings.map { $0.name ?? "" }
        guard let unknown = images.keys.sorted().first(where: { !known.contains($0) }) else { return }
        if known == [""] {
            throw InputProblem("The app has no applings: name its image without \(unknown)= in front.")
        }
        let names = known.joined(separator: ", ")
        throw InputProblem(
            unknown.isEmpty
                ? "Say whose image it is, as in \(known[0])=IMAGE: the app's applings are \(names)."
                : "There is no appling \(unknown): the app's are \(names).")
    }
}
