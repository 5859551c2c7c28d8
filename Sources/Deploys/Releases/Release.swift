import AppFile
import Foundation

/// A commit's images with their settings, ready to run in one environment.
package struct Release: Sendable {
    package let operation: OperationID
    package let app: AppID
    /// The app's name as a DNS label.
    package let appSlug: String
    package let environment: EnvironmentName
    package let namespace: String
    package let commit: CommitID
    package let buildNumber: Int
    package let applings: [ReleasedAppling]

    package init(
        operation: OperationID, app: AppID, appSlug: String, environment: EnvironmentName,
        namespace: String, commit: CommitID, buildNumber: Int, applings: [ReleasedAppling]
    ) {
        self.operation = operation
        self.app = app
        self.appSlug = appSlug
        self.environment = environment
        self.namespace = namespace
        self.commit = commit
        self.buildNumber = buildNumber
        self.applings = applings
    }
}

package struct ReleasedAppling: Sendable {
    package let settings: Appling
    /// Of its Deployment and Service: `cats`, or `cats-frontend`.
    package let name: String
    package let image: ImageReference
    package let replicas: Int
    /// Its hosts, the main one first; empty when nothing is routed to it.
    package let hosts: [String]
    /// Complete: defaults, the file's, and the platform's own; sorted by name.
    package let variables: [Variable]

    package struct Variable: Sendable, Equatable {
        package let name: String
        package let value: EnvValue
        package init(name: String, value: EnvValue) {
            self.name = name
            self.value = value
        }
    }

    package init(
        settings: Appling, name: String, image: ImageReference, replicas: Int, hosts: [String],
        variables: [Variable]
    ) {
        self.settings = settings
        self.name = name
        self.image = image
        self.replicas = replicas
        self.hosts = hosts
        self.variables = variables
    }
}
