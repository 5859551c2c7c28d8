import AppFile
import Deploys

extension RepositoryCheck {
    /// As the process's settings say how apps are named.
    /// - Parameter app: whose files they are, in the words of a command line. With it, what is wrong only with
    ///   everything together is found too: names that are too long, hosts that lead to two places.
    package static func run(directory: String, app: String?) throws -> RepositoryCheck {
        guard let app else { return try RepositoryCheck(directory: directory) }
        let settings = try Settings.Rendering.fromProcess()
        let id = try RenderOrder.app(app, settings.naming.defaultOrganisation)
        var check = try RepositoryCheck(directory: directory, app: id)
        check.addFaultsOfTheWhole(id, settings)
        return check
    }

    /// One environment of each kind is enough.
    private static let environments = ["prod", "test", "snap0"].compactMap(EnvironmentName.init(parsing:))

    mutating func addFaultsOfTheWhole(_ app: AppID, _ settings: Settings.Rendering) {
        guard let file else { return }
        var sentences: [String] = []
        for environment in Self.environments {
            do throws(InputProblem) {
                _ = try RepositoryRendering.render(file, app, environment, settings)
            } catch {
                if !sentences.contains(error.sentence) { sentences.append(error.sentence) }
            }
        }
        add(faultsOfTheWhole: sentences)
    }
}
