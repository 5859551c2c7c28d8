import AppFile
import Foundation

/// What a commit's settings keep encrypted, opened before anything is made of them: whoever has to encrypt three values
/// again shall hear of all three at once.
struct SealedSettings {
    private let app: AppID
    private let file: AppFile
    private let tree: any FileTree
    private let opener: (any SecretOpener)?

    /// - Parameters:
    ///   - tree: the commit's files, to say where a value stands.
    ///   - opener: nil opens nothing; that it is missing is said elsewhere.
    init(_ file: AppFile, of app: AppID, in tree: any FileTree, _ opener: (any SecretOpener)?) {
        self.app = app
        self.file = file
        self.tree = tree
        self.opener = opener
    }

    /// - Parameter environment: where the commit will run; nil for nowhere.
    /// - Throws: when it could not run there, a sentence for each value, build secrets included.
    /// - Returns: why its images can't be built. What was built before needs no secrets any more.
    func refuse(for environment: EnvironmentName?) throws(Failure) -> Failure? {
        guard opener != nil else { return nil }
        let (values, builds) = (environment.map(obstacles(in:)) ?? [], buildObstacles())
        if !values.isEmpty { throw failure(values + builds) }
        return builds.isEmpty ? nil : failure(builds)
    }

    private struct Obstacle {
        /// In sentences.
        let name: String
        /// As it stands in the file.
        let text: String
        let error: OpeningError
    }

    /// By variable, each once, however many applings have it.
    private func obstacles(in environment: EnvironmentName) -> [Obstacle] {
        let variables = file.applings.flatMap { $0.environment(for: environment.rawValue) }
        let sealed = variables.compactMap { variable in
            if case .encrypted(let text) = variable.value { (name: "`\(variable.name)`", text: text) } else { nil }
        }
        return obstacles(sealed, environment.sealedUses)
    }

    private func buildObstacles() -> [Obstacle] {
        obstacles(
            file.applings.flatMap(\.buildSecrets).map { ("The build secret `\($0.id)`", $0.encrypted) }, [.build])
    }

    private func obstacles(
        _ sealed: [(name: String, text: String)], _ uses: Set<SealedValue.Scope>
    ) -> [Obstacle] {
        guard let opener else { return [] }
        var obstacles: [Obstacle] = []
        var known: Set<String> = []
        for value in sealed where known.insert(value.name + value.text).inserted {
            do throws(OpeningError) { _ = try opener.open(value.text, of: app, for: uses) } catch {
                obstacles.append(Obstacle(name: value.name, text: value.text, error: error))
            }
        }
        return obstacles
    }

    /// Of one appling.
    /// - Throws: why one can't be opened.
    static func buildSecrets(
        _ appling: Appling, of app: AppID, _ opener: (any SecretOpener)?
    ) throws(Failure) -> BuildSecrets {
        guard let opener else { return BuildSecrets() }
        var values: [String: String] = [:]
        for secret in appling.buildSecrets {
            do throws(OpeningError) {
                values[secret.id] = try opener.open(secret.encrypted, of: app, for: [.build])
            } catch {
                throw OpeningWords.failure(
                    [OpeningWords.sentence(error, of: "The build secret `\(secret.id)`")], error, app)
            }
        }
        return BuildSecrets(values)
    }

    // MARK: In words

    /// - Parameter obstacles: at least one.
    private func failure(_ obstacles: [Obstacle]) -> Failure {
        let sentences = obstacles.map { OpeningWords.sentence($0.error, of: $0.name + place(of: $0.text)) }
        return OpeningWords.failure(sentences, obstacles[0].error, app)
    }

    /// ` (line 3 of iterapp.toml)`; empty for a text that does not stand on one line.
    private func place(of text: String) -> String {
        for folder in [""] + file.applings.map(\.folder).filter({ !$0.isEmpty }) {
            let path = folder.isEmpty ? AppFile.fileName : "\(folder)/\(AppFile.fileName)"
            guard let bytes = try? tree.read(path) else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            if let index = lines.firstIndex(where: { $0.contains(text) }) {
                return " (line \(index + 1) of \(path))"
            }
        }
        return ""
    }
}
