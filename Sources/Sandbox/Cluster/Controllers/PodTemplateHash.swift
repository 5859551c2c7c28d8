import JSON

/// The short name of a pod template, for ReplicaSets' and pods' names and labels. The same template always
/// gets the same one; like Kubernetes' it is FNV-1a in letters that cannot spell words, but of the template's
/// JSON, so the value differs from Kubernetes' for the same template.
enum PodTemplateHash {
    static func text(_ template: JSON, collisionCount: Int) -> String {
        var hash: UInt32 = 0x811c_9dc5
        func add(_ bytes: [UInt8]) {
            for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        }
        add(template.bytes)
        if collisionCount > 0 { add(Array("\(collisionCount)".utf8)) }
        return RandomName.encode("\(hash)")
    }
}

package enum RandomName {
    /// Kubernetes' alphabet for generated names: no vowels, and nothing that looks like another character.
    static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")

    static func encode(_ text: String) -> String {
        String(text.utf8.map { alphabet[Int($0) % alphabet.count] })
    }

    @Sendable package static func suffix() -> String {
        String((0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }
}
