import Deploys

/// Why an image did not get into its registry.
struct PushProblem {
    private let image: ImageName
    private let place: BuildPlace

    init(_ image: ImageName, _ place: BuildPlace) {
        self.image = image
        self.place = place
    }

    private static let refusals = [
        "denied", "http 401", "http 403", "401 unauthorized", "403 forbidden", "unauthorized",
        "no basic auth credentials", "authentication required", "forbidden", "insufficient_scope",
        "authorization failed", "failed to authorize",
    ]
    /// Of HTTP (RFC 4918, section 11.5) and of Linux.
    private static let fullTexts = ["no space left on device", "disk quota exceeded", "507 insufficient storage"]

    /// - Parameters:
    ///   - cause: in the words of whoever pushed.
    ///   - lines: the last ones that it printed.
    func error(_ cause: String, _ lines: [String]) -> BuildError {
        let repository = quoted(image.repository)
        let small = cause.lowercased()
        if Self.fullTexts.contains(where: small.contains) {
            return .diskFull("The registry of \(repository) is full (\(cause)).")
        }
        if Self.refusals.contains(where: small.contains) {
            return .failed(
                sentence: "The registry refused \(repository) (\(cause)); \(place.signingIn).", tail: lines)
        }
        return .engineUnavailable("The image could not be pushed to \(repository) (\(cause)).")
    }
}
