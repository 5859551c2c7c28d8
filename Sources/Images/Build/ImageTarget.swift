import Deploys

/// What every image is built for, and how it says what it was built from.
enum ImageTarget {
    static let platform = "linux/amd64"
    /// The build argument with the time, which Dockerfiles use so that a step is never cached.
    static let buildDate = "BUILD_DATE_USED_FOR_CACHE_BUSTING"

    static func labels(_ request: ImageRequest) -> [String: String] {
        var labels = [
            "no.iterapp.app": request.app.key, "no.iterapp.build": String(request.buildNumber),
            "org.opencontainers.image.revision": request.commit.sha,
        ]
        labels["no.iterapp.appling"] = request.appling
        return labels
    }
}
