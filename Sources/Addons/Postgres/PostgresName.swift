import Crypto
import Deploys

/// What an app's database and its role are called, both alike: `cats_test`, `cats_frontend_prod`,
/// `acme__cats_test` for another organisation's.
///
/// Organisations, apps and applings have no underscore in their DNS labels, and what they do have stays, so that no two
/// have the same name: `a-b_c_prod` is not `a_b-c_prod`.
struct PostgresName: Sendable, Equatable {
    let text: String
    /// Which add-on that is, in full: no two have the same, however their names are shortened.
    let subject: String

    /// PostgreSQL cuts longer names off (documentation, 4.1.1 "Identifiers and Key Words").
    static let maxBytes = 63
    private static let digestLetters = 12

    init(_ place: AddOnPlace, _ naming: Naming) {
        subject = "\(place.addOn.name) of \(place.app.key) in \(place.environment)"
        let slug = Naming.slug(place.app.name)
        let owner = String(place.addOn.name.dropLast("-postgres".count))
        var parts = [slug]
        if owner != slug { parts.append(String(owner.dropFirst(slug.count + 1))) }
        let organisation = naming.isExternal(place.app) ? "\(Naming.slug(place.app.organisation))__" : ""
        var name = organisation + parts.joined(separator: "_")
        let ending = "_\(place.environment)"
        // Names of roles that begin like this are the server's own.
        if "\(name)\(ending)".hasPrefix("pg_") { name = "_\(name)" }
        if name.utf8.count + ending.utf8.count > Self.maxBytes {
            let digest = hex(sha256(Array(subject.utf8))).prefix(Self.digestLetters)
            name = "\(name.prefix(Self.maxBytes - ending.utf8.count - digest.count - 1))_\(digest)"
        }
        text = name + ending
    }
}
