import Bot
import Deploys
import JSON
import Kubernetes
import XCTest

extension GoldenRepository {
    /// What `iterapp render` makes of it.
    func rendering(in environment: String) throws -> RepositoryRendering {
        var variables = try settings()
        let app = variables.removeValue(forKey: "APP") ?? "iterate/\(name)"
        let version = variables.removeValue(forKey: "KUBERNETES")
        var settings = try Settings.Rendering.read(variables)
        if let version { settings.options.kubernetesMinor = try XCTUnwrap(Int(version)) }
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
