import Foundation
import JSON

/// What a volume of Secrets and ConfigMaps holds
/// (https://kubernetes.io/docs/concepts/storage/projected-volumes/).
struct VolumeContent: Sendable, Equatable {
    struct File: Sendable, Equatable {
        /// Below the volume's folder, perhaps with folders of its own.
        let path: String
        let bytes: [UInt8]
        /// Permission bits.
        let mode: Int
    }

    /// Why there is no such volume yet, in the kubelet's words.
    struct Missing: Error, Equatable {
        let message: String
    }

    private(set) var files: [File] = []

    init(files: [File]) { self.files = files }

    /// Nil for a volume that is an empty folder.
    /// - Parameters:
    ///   - secrets: by name, those of the pod's namespace; `configMaps` likewise.
    init?(volume: JSON, secrets: [String: JSON], configMaps: [String: JSON]) throws(Missing) {
        func add(_ source: JSON, _ kind: Kind, nameKey: String, standard: JSON?) throws(Missing) {
            let objects = kind == .secret ? secrets : configMaps
            try append(
                source, kind, source[nameKey]?.string ?? "", objects, standard?.int ?? Self.standardMode)
        }
        if let secret = volume["secret"] {
            try add(secret, .secret, nameKey: "secretName", standard: secret["defaultMode"])
        } else if let map = volume["configMap"] {
            try add(map, .configMap, nameKey: "name", standard: map["defaultMode"])
        } else if let projected = volume["projected"] {
            for source in projected["sources"]?.array ?? [] {
                if let secret = source["secret"] {
                    try add(secret, .secret, nameKey: "name", standard: projected["defaultMode"])
                } else if let map = source["configMap"] {
                    try add(map, .configMap, nameKey: "name", standard: projected["defaultMode"])
                }
            }
        } else {
            return nil
        }
    }

    /// 0644
    private static let standardMode = 0o644

    private enum Kind { case secret, configMap }

    private mutating func append(
        _ source: JSON, _ kind: Kind, _ name: String, _ objects: [String: JSON], _ mode: Int
    ) throws(Missing) {
        let isOptional = source["optional"]?.bool == true
        guard let object = objects[name] else {
            if isOptional { return }
            throw Missing(message: "\(kind == .secret ? "secret" : "configmap") \"\(name)\" not found")
        }
        let values = Self.values(of: object, kind)
        guard let items = source["items"]?.array, !items.isEmpty else {
            for (key, bytes) in values.sorted(by: { $0.key < $1.key }) {
                set(File(path: key, bytes: bytes, mode: mode))
            }
            return
        }
        for item in items {
            let key = item["key"]?.string ?? ""
            guard let bytes = values[key] else {
                if isOptional { continue }
                throw Missing(
                    message: "references non-existent \(kind == .secret ? "secret" : "config") key: \(key)")
            }
            set(File(path: item["path"]?.string ?? key, bytes: bytes, mode: item["mode"]?.int ?? mode))
        }
    }

    /// Of two sources with the same path the later one counts.
    private mutating func set(_ file: File) {
        files.removeAll { $0.path == file.path }
        files.append(file)
    }

    private static func values(of object: JSON, _ kind: Kind) -> [String: [UInt8]] {
        func decoded(_ field: String) -> [String: [UInt8]] {
            (object[field]?.object ?? [:]).compactMapValues { value in
                value.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
            }
        }
        if kind == .secret { return decoded("data") }
        let texts = (object["data"]?.object ?? [:]).compactMapValues { $0.string.map { Array($0.utf8) } }
        return decoded("binaryData").merging(texts) { _, text in text }
    }
}
