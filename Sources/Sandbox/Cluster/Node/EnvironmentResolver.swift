import Foundation
import JSON

/// A container's environment from its `envFrom` and `env`, with Secrets and ConfigMaps looked up
/// (https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables).
struct EnvironmentResolver {
    /// Why the container cannot be configured, in the kubelet's words.
    struct Missing: Error, Equatable {
        let message: String
    }

    let pod: JSON
    /// By name, those of the pod's namespace.
    let secrets: [String: JSON]
    let configMaps: [String: JSON]

    /// In order, each name once.
    func environment(of container: JSON) throws(Missing) -> [(name: String, value: String)] {
        var names: [String] = []
        var values: [String: String] = [:]
        func add(_ name: String, _ value: String) {
            if values.updateValue(value, forKey: name) == nil { names.append(name) }
        }
        for source in container["envFrom"]?.array ?? [] {
            let prefix = source["prefix"]?.string ?? ""
            for (key, value) in try all(of: source).sorted(by: { $0.key < $1.key }) {
                add(prefix + key, value)
            }
        }
        for variable in container["env"]?.array ?? [] {
            let name = variable["name"]?.string ?? ""
            if let source = variable["valueFrom"] {
                if let value = try self.value(from: source) { add(name, value) }
            } else {
                add(name, VariableExpansion.expand(variable["value"]?.string ?? "") { values[$0] })
            }
        }
        return names.map { ($0, values[$0] ?? "") }
    }

    private func all(of source: JSON) throws(Missing) -> [String: String] {
        if let reference = source["secretRef"] {
            guard let secret = try object(reference, in: secrets, "secret") else { return [:] }
            return (secret["data"]?.object ?? [:]).compactMapValues(Self.decoded)
        }
        guard let reference = source["configMapRef"],
            let map = try object(reference, in: configMaps, "configmap")
        else { return [:] }
        return (map["data"]?.object ?? [:]).compactMapValues(\.string)
    }

    /// Nil when an optional source is missing.
    private func value(from source: JSON) throws(Missing) -> String? {
        if let reference = source["secretKeyRef"] {
            guard let secret = try object(reference, in: secrets, "secret") else { return nil }
            return try value(reference, secret.at("data"), kind: "Secret", decode: Self.decoded)
        }
        if let reference = source["configMapKeyRef"] {
            guard let map = try object(reference, in: configMaps, "configmap") else { return nil }
            return try value(reference, map.at("data"), kind: "ConfigMap") { $0.string }
        }
        let path = source.at("fieldRef", "fieldPath")?.string ?? ""
        switch path {
        case "metadata.name": return pod.name
        case "metadata.namespace": return pod.namespace
        case "metadata.uid": return pod.uid
        case "spec.nodeName": return pod.at("spec", "nodeName")?.string
        case "spec.serviceAccountName": return pod.at("spec", "serviceAccountName")?.string
        default:
            let what = path.isEmpty ? "this source of a variable" : "the field \(path)"
            throw Missing(message: "the demo's node does not know \(what)")
        }
    }

    private func object(
        _ reference: JSON, in objects: [String: JSON], _ kind: String
    ) throws(Missing) -> JSON? {
        let name = reference["name"]?.string ?? ""
        if let object = objects[name] { return object }
        if reference["optional"]?.bool == true { return nil }
        throw Missing(message: "\(kind) \"\(name)\" not found")
    }

    private func value(
        _ reference: JSON, _ data: JSON?, kind: String, decode: (JSON) -> String?
    ) throws(Missing) -> String? {
        let key = reference["key"]?.string ?? ""
        if let value = data?[key].flatMap(decode) { return value }
        if reference["optional"]?.bool == true { return nil }
        let name = reference["name"]?.string ?? ""
        throw Missing(message: "couldn't find key \(key) in \(kind) \(pod.namespace)/\(name)")
    }

    private static func decoded(_ value: JSON) -> String? {
        value.string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
