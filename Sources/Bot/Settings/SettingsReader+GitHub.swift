import Foundation
import GitHub

/// As whom, and where, GitHub is asked.
extension SettingsReader {
    mutating func github(needed: Bool) -> Settings.GitHub {
        let secret =
            needed
            ? required("GITHUB_WEBHOOK_SECRET", "with ITERAPP_SOURCE=github, pushes are verified with it")
            : text("GITHUB_WEBHOOK_SECRET")
        let web = url("GITHUB_URL") ?? "https://github.com"
        return Settings.GitHub(
            webhookSecret: secret, identity: identity(needed: needed),
            address: GitHubAddress(web: web, api: url("GITHUB_API_URL")),
            lookSeconds: whole("ITERAPP_LOOK_SECONDS", default: 600, in: 30...86_400))
    }

    private mutating func identity(needed: Bool) -> GitHubIdentity? {
        let (id, file, token) = (text("GITHUB_APP_ID"), text("GITHUB_APP_PRIVATE_KEY_FILE"), text("GITHUB_TOKEN"))
        switch (id, file, token) {
        case (nil, nil, let token?): return .token(GitHubSecret(token))
        case (nil, nil, nil):
            if needed {
                problems.append(
                    "GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY_FILE, or GITHUB_TOKEN, is not set: with "
                        + "ITERAPP_SOURCE=github, repositories are read with it.")
            }
            return nil
        case (_, _, .some):
            problems.append(
                "GITHUB_TOKEN is set beside GITHUB_APP_ID or GITHUB_APP_PRIVATE_KEY_FILE: remove it, for the "
                    + "GitHub App does all that it would do.")
        case (nil, .some, nil):
            problems.append("GITHUB_APP_ID is not set: GITHUB_APP_PRIVATE_KEY_FILE is good for nothing without it.")
        case (.some, nil, nil):
            problems.append(
                "GITHUB_APP_PRIVATE_KEY_FILE is not set: with GITHUB_APP_ID, it is the file with a private key of the "
                    + "GitHub App.")
        case (.some, .some, nil): break
        }
        return app(id, keyFile: file).map(GitHubIdentity.app)
    }

    static let maxKeyFileBytes = 64 << 10

    /// Looks at both, so that all that is wrong is said at once.
    private mutating func app(_ id: String?, keyFile path: String?) -> GitHubApp? {
        if let id, !id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }) {
            problems.append("GITHUB_APP_ID must be the GitHub App's id or client id; it is on the App's settings page.")
        }
        guard let path else { return nil }
        guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: Self.maxKeyFileBytes)
        else {
            problems.append("GITHUB_APP_PRIVATE_KEY_FILE names \(path), which can't be read.")
            return nil
        }
        do throws(GitHubKeyError) {
            return try GitHubApp(id: id ?? "", privateKeyPEM: String(decoding: bytes, as: UTF8.self))
        } catch {
            problems.append("GITHUB_APP_PRIVATE_KEY_FILE names \(path), but \(error.reason).")
            return nil
        }
    }
}
