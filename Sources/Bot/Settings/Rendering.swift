import Deploys
import Foundation
import Kubernetes

extension Settings {
    /// The part of the settings that decides what objects look like: no secret, no cluster.
    package struct Rendering: Sendable {
        package var naming: Naming
        package var options: RenderOptions
        /// Where images go; nil leaves them in the engine that builds them.
        package var registry: String?

        /// Reads the process's environment.
        package static func fromProcess() throws(SettingsError) -> Rendering {
            try read(ProcessInfo.processInfo.environment)
        }

        /// - Throws: every problem at once; variables that say nothing about objects are not looked at.
        package static func read(_ environment: [String: String]) throws(SettingsError) -> Rendering {
            var reader = SettingsReader(environment)
            let rendering = reader.rendering()
            guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
            return rendering
        }
    }
}
