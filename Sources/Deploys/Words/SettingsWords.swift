import AppFile

/// What people read about settings that can't become a release.
enum SettingsWords {
    /// - Parameter problems: warnings, too.
    static func wrong(_ problems: [Problem]) -> Failure {
        let errors = problems.filter { $0.severity == .error }
        let count = errors.count == 1 ? "an error" : "\(errors.count) errors"
        return Failure(
            .settings, "The settings have \(count): \(errors.first?.description ?? "")",
            advice: "Correct \(errors.count == 1 ? "it" : "them") and push again; nothing was built.",
            evidence: problems.map(\.description))
    }

    // MARK: Names

    static func noClusterName(_ name: String) -> Failure {
        Failure(
            .rollOut, "`\(name)` can't be a name in the cluster: at most \(Naming.maxLabelBytes) lower-case "
                + "letters, digits and `-`.", advice: "Rename the appling's folder.")
    }

    static func sharedName(_ addOn: AddOn, _ appling: String) -> Failure {
        Failure(
            .settings, "`\(addOn.name)` would be the name of the appling "
                + "`\(appling)` and of the app's \(addOn.title).",
            advice: "Rename the appling's folder.")
    }

    // MARK: Hosts

    static func sharedHost(_ host: String, _ appling: String, _ other: String) -> Failure {
        Failure(
            .settings, "`\(host)` is asked for by `\(appling)` and by `\(other)`.",
            advice: "Give each host to one appling only.")
    }

    static func hostElsewhere(_ host: String, _ appling: String, _ environment: EnvironmentName) -> Failure {
        Failure(
            .settings, "`\(host)` is asked for by `\(appling)` and is the app's own name in `\(environment)`.",
            advice: takeOut)
    }

    static func hostOfAnother(_ host: String, _ label: String) -> Failure {
        Failure(.settings, "`\(host)` belongs to the app `\(label)`.", advice: takeOut)
    }

    private static let takeOut = "Take it out of `domains` and `[domains_env]`."
}
