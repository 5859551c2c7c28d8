import JSON

/// A Secret whose files a pod's volume shows.
struct VolumeSecret: Sendable {
    let name: String
    /// Of the files; empty for all that there are.
    let keys: [String]

    /// - Parameter volume: of a pod; a projected one may have several
    ///   (https://kubernetes.io/docs/concepts/storage/projected-volumes/).
    static func all(of volume: JSON) -> [VolumeSecret] {
        let projected = (volume.at("projected", "sources")?.array ?? []).compactMap { $0["secret"] }
        let named = [(volume["secret"], "secretName")] + projected.map { ($0, "name") }
        return named.compactMap { source, nameKey in
            guard let source, let name = source[nameKey]?.string else { return nil }
            return VolumeSecret(name: name, keys: (source["items"]?.array ?? []).compactMap { $0["key"]?.string })
        }
    }
}
