import Foundation
import JSON
import Kubernetes

/// What to install, in the words of a command line and of the environment.
package struct InstallOrder: Sendable {
    /// Options of the command line by their names, without the dashes.
    package typealias Flags = [String: String]

    package static let flags = [
        "only", "namespace", "image", "url", "routing", "kubernetes", "storage", "storage-class", "registry-secret",
        "build-namespace",
        "buildkit-image", "buildkit-certificates", "cert-manager-namespace", "email", "acme-server", "dns01",
    ]

    package let options: InstallOptions

    /// Reads the process's environment.
    /// - Throws: `WrongUsage` with everything that is wrong with the flags, or else `SettingsError` with everything
    ///   that is wrong with the settings.
    package init(flags: Flags) throws { try self.init(flags: flags, environment: ProcessInfo.processInfo.environment) }

    package init(flags: Flags, environment: [String: String]) throws {
        var usage = InstallUsage(flags)
        var options = InstallOptions(host: "")
        usage.read(into: &options)
        guard usage.problems.isEmpty else { throw WrongUsage(usage.problems.joined(separator: "\n")) }
        var reader = SettingsReader(environment.merging(usage.variables) { _, flag in flag })
        reader.installation(into: &options)
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        self.options = options
    }

    /// The objects as the one object that `kubectl apply -f -` takes.
    package var list: String { KubernetesObjects.list(Installation.objects(options)).prettyText + "\n" }

    /// What is left to do, for the administrator.
    package var notes: String { InstallNotes(options: options).text }
}
