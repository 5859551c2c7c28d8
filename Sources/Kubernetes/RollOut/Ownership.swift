import Crypto
import Deploys
import JSON

/// What we set in an object, as the server keeps account of it: the `fieldsV1` of our own entry in
/// `metadata.managedFields`. The server takes a field away from it as soon as somebody else sets another value or
/// removes the field (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
enum Ownership {
    private static let digestCharacters = 24

    /// Empty when we own nothing of it.
    static func digest(of object: JSON) -> String {
        guard let fields = entry(of: object)?["fieldsV1"] else { return "" }
        return String(hex(sha256(fields.bytes)).prefix(digestCharacters))
    }

    private static func entry(of object: JSON) -> JSON? {
        object.at("metadata", "managedFields")?.array?.first(where: isOurs)
    }

    /// Whether an entry is the one of our applies.
    static func isOurs(_ entry: JSON) -> Bool {
        entry["manager"]?.string == KubernetesClient.fieldManager && entry["operation"]?.string == "Apply"
            && entry["subresource"] == nil
    }

    private static let fingerprintCharacters = 15

    /// Tells two states of one object apart that differ in identity or in what we own. Short enough to be kept in
    /// a `String` without memory of its own.
    static func fingerprint(uid: String, ownership: String) -> String {
        String(hex(sha256(Array("\(uid) \(ownership)".utf8))).prefix(fingerprintCharacters))
    }

    /// Of an object as the server has it.
    static func fingerprint(of object: JSON) -> String {
        fingerprint(uid: object.at("metadata", "uid")?.string ?? "", ownership: digest(of: object))
    }
}

extension PlacedObject {
    /// - Parameters:
    ///   - object: as the server answered.
    ///   - namespace: of the plan that it belongs to; a Namespace belongs to its own.
    ///   - content: of what the plan says about it.
    init(_ object: JSON, _ kind: KubernetesResource, namespace: String, content: String = "") {
        self.init(
            namespace: namespace, kind: kind.typeName, name: object.at("metadata", "name")?.string ?? "",
            uid: object.at("metadata", "uid")?.string ?? "", ownership: Ownership.digest(of: object), content: content)
    }

    var fingerprint: String { Ownership.fingerprint(uid: uid, ownership: ownership) }

    /// Nil for a kind that this version does not write any more.
    var resource: KubernetesResource? { KubernetesResource.rendered.first { $0.typeName == kind } }

    /// What people call it.
    var label: String { "\(kind.split(separator: "/").last.map(String.init) ?? kind) \(name)" }
}

extension KubernetesResource {
    /// Such as `apps/v1/Deployment`.
    var typeName: String { "\(apiVersion)/\(kind)" }
}
