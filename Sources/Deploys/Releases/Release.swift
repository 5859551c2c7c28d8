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
    /// Each once, however many applings use it; ordered by name.
    package let addOns: [AddOn]

    package init(
        operation: OperationID, app: AppID, appSlug: String, environment: EnvironmentName,
        namespace: String, commit: CommitID, buildNumber: Int, applings: [ReleasedAppling],
        addOns: [AddOn] = []
    ) {
        self.operation = operation
        self.app = app
        self.appSlug = appSlug
        self.environment = environment
        self.namespace = namespace
        self.commit = commit
        self.buildNumber = buildNumber
        self.applings = applings
        self.addOns = addOns
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
    /// Complete: defaults, the file's, and the platform's own; sorted by name. Those of add-ons refer to keys of
    /// the Secret that is named like the add-on.
    package let variables: [Variable]
    /// Names of the release's add-ons that this appling uses.
    package let addOns: [String]

    package struct Variable: Sendable, Equatable {
        package let name: String
        package let value: EnvValue
        /// There is no such variable where there is no such key of the Secret; otherwise nothing starts without it.
        package let isOptional: Bool
        package init(name: String, value: EnvValue, isOptional: Bool = false) {
            self.name = name
            self.value = value
            self.isOptional = isOptional
        }
    }

    package init(
        settings: Appling, name: String, image: ImageReference, replicas: Int, hosts: [String],
        variables: [Variable], addOns: [String] = []
    ) {
        self.settings = settings
        self.name = name
        self.image = image
        self.replicas = replicas
        self.hosts = hosts
        self.variables = variables
        self.addOns = addOns
    }
}
