import Bot
import Deploys
import JSON
import Kubernetes
import XCTest

extension GoldenRepository {
    /// What `iterapp render` makes of it.
    /// - Parameter kubernetes: the minor version of a cluster, instead of the repository's own.
    func rendering(in environment: String, kubernetes: Int? = nil) throws -> RepositoryRendering {
        var variables = try settings()
        let app = variables.removeValue(forKey: "APP") ?? "iterate/\(name)"
        let version = variables.removeValue(forKey: "KUBERNETES")
        var settings = try Settings.Rendering.read(variables)
        if let minor = kubernetes ?? version.flatMap({ Int($0) }) { settings.options.kubernetesMinor = minor }
        return try RepositoryRendering(
            directory: files.path, app: try XCTUnwrap(AppID(parsing: app, defaultOrganisation: "")),
            environment: try XCTUnwrap(EnvironmentName(parsing: environment)),
            commit: try XCTUnwrap(CommitID("0123456789abcdef0123456789abcdef01234567")), settings: settings)
    }

    /// Everything that people are told, a line each.
    func words(_ rendering: RepositoryRendering) -> String {
        (rendering.check.problems.map(\.description) + rendering.warnings.map { "warning: \($0)" })
            .map { $0 + "\n" }.joined()
    }
}
