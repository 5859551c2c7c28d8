import AppFile

/// `prod`, `test`, `snap0` … `snap9`.
package struct EnvironmentName: Hashable, Codable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let prod = EnvironmentName(rawValue: Environments.prod)
    package static let test = EnvironmentName(rawValue: Environments.test)
    package static let all = Environments.all.map(EnvironmentName.init(rawValue:))

    private init(rawValue: String) { self.rawValue = rawValue }

    /// Case-insensitive; `snap-3` is read as `snap3`.
    package init?(parsing text: String) {
        guard let name = Environments.named(text) else { return nil }
        self.init(rawValue: name)
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let known = Self(parsing: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no environment: \(text)"))
        }
        self = known
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package var isSnap: Bool { rawValue.hasPrefix("snap") }
    package var description: String { rawValue }
}
