/// Where an image is, taken apart: `registry.example:5000/apps/cats@sha256:…`
/// (https://github.com/distribution/reference).
struct ImageLocation: Equatable {
    /// `registry.example:5000`
    let host: String
    /// `apps/cats`
    let repository: String
    /// A digest or a tag.
    let reference: String

    /// What Docker calls its own registry, and where that listens.
    static let dockerHub = "docker.io"
    private static let dockerHubServer = "registry-1.docker.io"

    /// Nil for what names no image.
    init?(_ image: String) {
        var rest = image[...]
        if let digest = rest.firstIndex(of: "@") {
            reference = String(rest[rest.index(after: digest)...])
            // A tag besides it says nothing more.
            rest = Self.withoutTag(rest[..<digest])
        } else if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            reference = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
        } else {
            reference = "latest"
        }
        let first = rest.prefix { $0 != "/" }
        let isHost = first.count < rest.count && (first.contains(".") || first.contains(":") || first == "localhost")
        host = isHost ? String(first) : Self.dockerHub
        let path = isHost ? String(rest.dropFirst(first.count + 1)) : String(rest)
        guard !path.isEmpty else { return nil }
        repository = host == Self.dockerHub && !path.contains("/") ? "library/" + path : path
        guard !reference.isEmpty,
            (repository + reference).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"?#%\\".utf8.contains($0) })
        else { return nil }
    }

    private static func withoutTag(_ name: Substring) -> Substring {
        guard let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") else { return name }
        return name[..<colon]
    }

    /// Registries on the machine itself are spoken to without TLS, as BuildKit and Docker do.
    var server: String {
        (Self.isLocal(host) ? "http://" : "https://") + (host == Self.dockerHub ? Self.dockerHubServer : host)
    }

    static func isLocal(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        let isAddress = name.allSatisfy { $0.isNumber || $0 == "." }
        return name == "localhost" || name == "[::1]" || isAddress && name.hasPrefix("127.")
    }

    /// What `config.json` may call the host.
    var credentialKeys: [String] {
        host == Self.dockerHub
            ? ["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"]
            : [host, "https://" + host, "http://" + host, "https://\(host)/v1/", "https://\(host)/v2/"]
    }
}
