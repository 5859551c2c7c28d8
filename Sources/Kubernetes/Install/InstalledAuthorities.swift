import JSON

/// Files with the certificates of those who sign database servers' certificates. Settings name them by their whole
/// paths inside of URLs, which are in a Secret, so each is in the pod where it is on the operator's machine.
package struct InstalledAuthorities: Sendable {
    /// PEM texts, by path.
    private let texts: [(path: String, text: String)]

    package init(_ texts: [String: String]) {
        self.texts = texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static let name = "postgres"
    private static let configMap = "\(InstallScope.name)-\(name)"

    func objects(_ scope: InstallScope) -> [JSON] {
        if texts.isEmpty { return [] }
        let data = texts.enumerated().map { (Self.file($0.offset), JSON.string($0.element.text)) }
        return [
            [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": scope.metadata(Self.configMap),
                "data": .object(Dictionary(uniqueKeysWithValues: data)),
            ]
        ]
    }

    var volumes: [JSON] {
        texts.isEmpty ? [] : [["name": .string(Self.name), "configMap": ["name": .string(Self.configMap)]]]
    }

    /// One by one: what else the image has beside them stays.
    var mounts: [JSON] {
        texts.enumerated().map {
            [
                "name": .string(Self.name), "mountPath": .string($0.element.path),
                "subPath": .string(Self.file($0.offset)), "readOnly": true,
            ]
        }
    }

    private static func file(_ index: Int) -> String { "authorities-\(index).crt" }
}
