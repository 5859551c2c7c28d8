import Foundation

/// Which kubeconfigs to read, and which of their contexts to use.
package struct KubeconfigSource: Sendable, Equatable {
    package static let setting = "KUBECONFIG"
    package static let contextSetting = "ITERAPP_KUBE_CONTEXT"

    /// The first file that has an entry or a setting counts.
    package let paths: [String]
    /// Nil for the current context.
    package let context: String?
    /// What programs that log in may see.
    let environment: [String: String]

    /// - Parameters:
    ///   - list: paths, separated by colons.
    ///   - environment: the process's variables.
    package init(list: String, context: String? = nil, environment: [String: String] = [:]) {
        paths = list.split(separator: ":").map(String.init)
        self.context = context
        self.environment = environment.filter { name, _ in
            !["ITERAPP_", "SLACK_", "GITHUB_"].contains { name.hasPrefix($0) }
        }
    }

    /// For sentences.
    var text: String { paths.joined(separator: ":") }
}

extension KubeconfigSource: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the variables, which may be secret.
    package var description: String { text }
    package var debugDescription: String { text }
}
