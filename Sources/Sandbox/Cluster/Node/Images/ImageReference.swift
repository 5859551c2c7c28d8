/// An image's name in a pod: `cats`, `localhost:5000/cats:3`, `docker.io/library/cats@sha256:…`
/// (https://pkg.go.dev/github.com/distribution/reference).
struct ImageReference: Sendable, Equatable {
    let text: String
    /// With `:latest` when there is neither tag nor digest: without either, an engine pulls every tag.
    let tagged: String
    /// The first part names a registry other than Docker's own.
    let hasRegistryHost: Bool

    /// Throws the kubelet's sentence for `InvalidImageName`.
    init(_ text: String) throws(InvalidImageName) {
        if text.utf8.count == 71, text.hasPrefix("sha256:"), text.dropFirst(7).allSatisfy(\.isHexDigit) {
            (self.text, tagged, hasRegistryHost) = (text, text, false)
            return
        }
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let named = halves[0]
        let slash = named.firstIndex(of: "/")
        let first = slash.map { named[..<$0] } ?? ""
        let isHost = first.contains(".") || first.contains(":") || first == "localhost"
        let path = isHost ? named[named.index(after: slash ?? named.startIndex)...] : named
        let colon = path.lastIndex(of: ":")
        let repository = colon.map { path[..<$0] } ?? path
        let tag = colon.map { path[path.index(after: $0)...] }
        guard Self.isRepository(repository), tag.map(Self.isTag) ?? true, !isHost || Self.isHost(first),
            halves.count == 1 || Self.isDigest(halves[1])
        else {
            let isUpper = repository.contains(where: \.isUppercase)
            throw InvalidImageName(message: """
                Failed to apply default image tag "\(text)": couldn't parse image name "\(text)": invalid \
                reference format\(isUpper ? ": repository name (\(repository)) must be lowercase" : "")
                """)
        }
        self.text = text
        tagged = tag == nil && !text.contains("@") ? text + ":latest" : text
        hasRegistryHost = isHost && first != "docker.io"
    }

    /// A name or an address, perhaps with a port.
    private static func isHost(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2 && (parts.count == 1 || UInt16(parts[1]) != nil)
            && labels.allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            }
    }

    private static func isDigest(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(isLowerOrDigit)
            && !parts[1].isEmpty && parts[1].allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func isRepository(_ text: Substring) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.first, let last = part.last else { return false }
            return isLowerOrDigit(first) && isLowerOrDigit(last)
                && part.allSatisfy { isLowerOrDigit($0) || "._-".contains($0) }
        }
    }

    private static func isLowerOrDigit(_ character: Character) -> Bool {
        character.isASCII && (character.isLowercase || character.isNumber)
    }

    private static func isTag(_ text: Substring) -> Bool {
        let maxCharacters = 128
        guard let first = text.first, text.count <= maxCharacters, first != ".", first != "-"
        else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }
}

struct InvalidImageName: Error, Equatable {
    let message: String
}
