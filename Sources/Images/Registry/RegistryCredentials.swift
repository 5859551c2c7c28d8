import Foundation
import JSON
import Subprocess

/// How we introduce ourselves to a registry.
enum RegistryCredential: Equatable {
    case password(user: String, String)
    /// For OAuth 2 (https://distribution.github.io/distribution/spec/auth/oauth/).
    case refreshToken(String)
}

/// Credentials as Docker's client keeps them in `config.json`
/// (https://docs.docker.com/reference/cli/docker/login/#credential-stores).
struct RegistryCredentials: Sendable {
    let file: String?
    /// What a helper may see.
    let environment: [String: String]

    private static let maxFileBytes = 1 << 20
    private static let helperTimeLimit = Duration.seconds(10)

    /// Read anew each time: passwords change. Nil when there is none.
    func find(for location: ImageLocation) async -> RegistryCredential? {
        guard let file, let data = FileManager.default.contents(atPath: file), data.count <= Self.maxFileBytes,
            let config = try? JSON.parse(data)
        else { return nil }
        for key in location.credentialKeys {
            if let helper = config["credHelpers"]?[key]?.string { return await ask(helper, key) }
        }
        for key in location.credentialKeys {
            if let entry = config["auths"]?[key], let credential = Self.credential(entry) { return credential }
        }
        guard let helper = config["credsStore"]?.string else { return nil }
        return await ask(helper, location.credentialKeys[0])
    }

    private static func credential(_ entry: JSON) -> RegistryCredential? {
        if let token = entry["identitytoken"]?.string, !token.isEmpty { return .refreshToken(token) }
        if let auth = entry["auth"]?.string, let data = Data(base64Encoded: auth) {
            let parts = String(decoding: data, as: UTF8.self).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { return .password(user: String(parts[0]), String(parts[1])) }
        }
        guard let user = entry["username"]?.string, let password = entry["password"]?.string else { return nil }
        return .password(user: user, password)
    }

    /// https://github.com/docker/docker-credential-helpers#development
    private func ask(_ helper: String, _ server: String) async -> RegistryCredential? {
        guard !helper.contains("/") else { return nil }
        var run = ProgramRun("docker-credential-" + helper, ["get"], timeLimit: Self.helperTimeLimit)
        run.inheritsEnvironment = false
        run.environment = environment.mapValues(Optional.some)
        run.input = Array(server.utf8)
        guard let result = try? await run.run(), result.exitCode == 0, let answer = try? JSON.parse(result.output),
            let user = answer["Username"]?.string, let secret = answer["Secret"]?.string
        else { return nil }
        return user == "<token>" ? .refreshToken(secret) : .password(user: user, secret)
    }
}
