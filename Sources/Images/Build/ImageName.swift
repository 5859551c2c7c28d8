import Deploys

/// What an image is called: `iterapp/cats:1a2b3c4-12`.
///
/// The tag holds commit and build number. Build numbers count per app and are never used again, so no later
/// build moves the tag to other content; an image's id would be as certain, but a person who lists images
/// could not tell what it is, and Kubernetes takes no ids.
package struct ImageName: Sendable {
    /// `iterapp/cats`, `registry.example/apps/cats.frontend`
    let repository: String
    let tag: String

    /// - Parameters:
    ///   - registry: where images are pushed to, such as `registry.example/apps`; nil for names that only the
    ///     engine knows.
    package init(
        app: AppID, appling: String?, commit: CommitID, buildNumber: Int, defaultOrganisation: String,
        registry: String?
    ) {
        var path = Self.component(app.name)
        // Slugs have no dots, so `cats.web` is never the app `cats-web`.
        if let appling { path += "." + Self.component(appling) }
        if app.organisation.lowercased() != defaultOrganisation.lowercased() {
            path = Self.component(app.organisation) + "/" + path
        }
        let prefix = registry.map { String($0.trimmingPrefix("https://")) } ?? "iterapp"
        repository = (prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix) + "/" + path
        tag = "\(commit.short)-\(buildNumber)"
    }

    init(_ request: ImageRequest, defaultOrganisation: String, registry: String?) {
        self.init(
            app: request.app, appling: request.appling, commit: request.commit, buildNumber: request.buildNumber,
            defaultOrganisation: defaultOrganisation, registry: registry)
    }

    package var text: String { repository + ":" + tag }

    /// A part of a repository's name begins and ends with a letter or digit
    /// (https://docs.docker.com/reference/cli/docker/image/tag/).
    private static func component(_ name: String) -> String {
        var slug = Naming.slug(name)
        if slug.first.map({ $0.isLetter || $0.isNumber }) != true { slug = "0" + slug }
        if slug.last.map({ $0.isLetter || $0.isNumber }) != true { slug += "0" }
        return slug
    }
}
