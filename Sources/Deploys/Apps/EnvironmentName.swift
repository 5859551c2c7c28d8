/// `prod`, `test`, `snap0` … `snap9`.
package struct EnvironmentName: Hashable, Codable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package static let prod = EnvironmentName(rawValue: "prod")
    package static let test = EnvironmentName(rawValue: "test")
    package static let all = [prod, test] + (0...9).map { EnvironmentName(rawValue: "snap\($0)") }

    private init(rawValue: String) { self.rawValue = rawValue }

    /// Case-insensitive; `snap-3` is read as `snap3`.
    package init?(parsing text: String) {
        let word = text.lowercased().replacing("snap-", with: "snap")
        guard let known = Self.all.first(where: { $0.rawValue == word }) else { return nil }
        self = known
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
