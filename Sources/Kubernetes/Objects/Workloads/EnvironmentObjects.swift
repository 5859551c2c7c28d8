import Deploys
import Foundation
import JSON

/// An appling's environment variables: plain values go into a Secret of our own, references stay
/// references.
struct EnvironmentObjects {
    /// Nil when there is no plain value.
    let secret: JSON?
    let secretName: String?
    /// The container's `env`: references to Secrets that people made.
    let references: [JSON]
    let omissions: [String]

    init(_ appling: ReleasedAppling, scope: ObjectScope) {
        var data: [String: JSON] = [:]
        var sealed: [String: String] = [:]
        var references: [JSON] = []
        for variable in appling.variables {
            switch variable.value {
            case .plain(let text):
                data[variable.name] = .string(Data(text.utf8).base64EncodedString())
            case .secret(let name, let key):
                var reference: JSON = ["name": .string(name), "key": .string(key)]
                if variable.isOptional { reference["optional"] = true }
                references.append(["name": .string(variable.name), "valueFrom": ["secretKeyRef": reference]])
            case .encrypted(let text):
                sealed[variable.name] = text
            }
        }
        self.references = references
        omissions = sealed.keys.sorted().map {
            "The variable \($0) of \(appling.name) is shown encrypted, as the file has it; the service opens it "
                + "when it deploys."
        }
        guard !data.isEmpty || !sealed.isEmpty else {
            (secret, secretName) = (nil, nil)
            return
        }
        // The name depends on the content, so that pods of the last good version that are restarted
        // during or after a failed roll-out still find their own values.
        let content = data.merging(sealed.mapValues(JSON.string)) { $1 }
        let name = appling.name + Self.suffix(for: content)
        secretName = name
        var secret: JSON = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": scope.metadata(name: name, appling: appling),
            "type": "Opaque",
            // `data`, not `stringData`: the server turns the latter into the former, and the field
            // manager would own fields that no longer exist.
            "data": .object(data),
        ]
        SealedVariables.put(sealed, of: scope.release, into: &secret)
        self.secret = secret
    }

    /// Of the name of the Secret with these values, each as its plan has it.
    static func suffix(for content: [String: JSON]) -> String { "-env-\(JSON.object(content).digest)" }
}
