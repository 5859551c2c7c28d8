import Foundation

/// A registered repository: `iterate/cats`. Compared without regard to case, as GitHub does.
package struct AppID: Hashable, Codable, Sendable {
    package let organisation: String
    package let name: String

    package init(organisation: String, name: String) {
        self.organisation = organisation
        self.name = name
    }

    /// Reads `cats` (in `defaultOrganisation`) or `org/cats`. Nil when it can't be a repository's name.
    ///
    /// GitHub allows letters, digits, `-`, `_` and `.`; names never begin with `-` or `.` here, so
    /// that none can be taken for an option or a path.
    package init?(parsing text: String, defaultOrganisation: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1: self.init(organisation: defaultOrganisation, name: text)
        case 2: self.init(organisation: String(parts[0]), name: String(parts[1]))
        default: return nil
        }
        guard Self.isPlausible(organisation), Self.isPlausible(name) else { return nil }
    }

    /// `iterate/cats`, lower-cased: the key under which the app is kept.
    package var key: String { "\(organisation)/\(name)".lowercased() }

    package static func == (left: AppID, right: AppID) -> Bool { left.key == right.key }
    package func hash(into hasher: inout Hasher) { hasher.combine(key) }

    static let maxNameBytes = 100

    private static func isPlausible(_ name: String) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "."),
            name.utf8.count <= maxNameBytes, !name.hasSuffix(".git")
        else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}

/// An app as the journal keeps it.
package struct App: Hashable, Codable, Sendable {
    package let id: AppID
    package var defaultBranch: String
    /// Where pushes to the default branch went last; nil when the app only builds.
    package var defaultEnvironment: EnvironmentName?
    /// Nil while nothing but the app's own name is known of it. The app keeps its name when the repository is renamed.
    package var repository: SourceRepository?
    /// Why nothing new can come from there; none when all is well.
    package var sourceTroubles: Set<SourceTrouble> = []
    /// The worst of them, for people.
    package var sourceTrouble: SourceTrouble? { SourceTrouble.allCases.first(where: sourceTroubles.contains) }

    /// What its repository is called now.
    package var repositoryName: AppID { repository?.name ?? id }

    package init(id: AppID, defaultBranch: String, defaultEnvironment: EnvironmentName?) {
        self.id = id
        self.defaultBranch = defaultBranch
        self.defaultEnvironment = defaultEnvironment
    }
}
