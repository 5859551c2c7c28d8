import Crypto
import Deploys
import Foundation
import HTTP
import JSON
import Subprocess

/// What a commit in a sample repository starts: it posts a signed push webhook, in GitHub's form, to the demo.
package struct PushHook: Sendable {
    static let scriptName = "push-hook"
    static let settingsName = "push-hook.json"
    static let timeout = Duration.seconds(10)

    /// Writes the script that repositories' hooks call, and where it finds the demo (readable by its owner only: it
    /// holds the webhook's secret).
    static func install(in directory: URL, program: String, botURL: String, secret: String) throws {
        let settings = directory.appending(path: settingsName)
        let json: JSON = ["url": .string("\(botURL)/github/webhooks"), "secret": .string(secret)]
        try PrivateFile.write(json.bytes, to: settings, mode: 0o600)
        let quoted = [program, settings.path].map { "'\($0.replacingEvery("'", with: "'\\''"))'" }
        let script = "#!/bin/sh\nexec \(quoted[0]) demo --push-hook \(quoted[1])\n"
        try PrivateFile.write(Array(script.utf8), to: directory.appending(path: scriptName), mode: 0o700)
    }

    let settingsFile: URL

    package init(settingsFile: String) { self.settingsFile = URL(filePath: settingsFile) }

    /// Reports the newest commit of the repository in the current folder; what it says is for the person who commits.
    package func run() async -> String {
        do {
            let settings = try JSON.parse(Array(try Data(contentsOf: settingsFile)))
            guard let url = settings["url"]?.string, let secret = settings["secret"]?.string else {
                return "The demo's hook settings are broken; start the demo again."
            }
            guard let payload = try await payload() else { return "No branch is checked out: nothing to deploy." }
            return await post(payload.bytes, to: url, secret: secret)
        } catch {
            return "This commit could not be reported to the demo: \(error)"
        }
    }

    private func post(_ body: [UInt8], to url: String, secret: String) async -> String {
        let request = HTTPClientRequest(
            "POST", url,
            headers: [
                "Content-Type": "application/json", "X-GitHub-Event": "push",
                "X-GitHub-Delivery": UUID().uuidString.lowercased(),
                "X-Hub-Signature-256": "sha256=" + hex(HMACKey(Array(secret.utf8)).authenticate(body)),
            ], body: body, timeout: Self.timeout)
        do throws(HTTPClientError) {
            let response = try await HTTPClient().send(request)
            let text = String(decoding: response.body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            return response.status == 202 ? "Iterapp: \(text)" : "Iterapp answered \(response.status): \(text)"
        } catch {
            return "The Iterapp demo does not run: this commit is not deployed until the next push."
        }
    }

    /// The fields of GitHub's push payload that describe the newest commit; nil without a branch.
    private func payload() async throws -> JSON? {
        guard let branch = try await git(["symbolic-ref", "--quiet", "--short", "HEAD"])?.first else { return nil }
        let fields = try await git(["log", "-1", "--format=%H%n%P%n%an%n%ae%n%cI%n%B"]) ?? []
        guard fields.count >= 6 else { return nil }
        let path = try await git(["rev-parse", "--show-toplevel"])?.first ?? ""
        let name = URL(filePath: path).lastPathComponent
        let before = fields[1].split(separator: " ").first.map(String.init) ?? String(repeating: "0", count: 40)
        let message = fields[5...].joined(separator: "\n").trimmingCharacters(in: .newlines)
        let author: JSON = ["name": .string(fields[2]), "email": .string(fields[3])]
        let commit: JSON = [
            "id": .string(fields[0]), "message": .string(message), "timestamp": .string(fields[4]),
            "author": author, "committer": author, "distinct": true,
        ]
        return [
            "ref": .string("refs/heads/\(branch)"), "before": .string(before), "after": .string(fields[0]),
            "created": .bool(fields[1].isEmpty), "deleted": false, "forced": false,
            "commits": [commit], "head_commit": commit, "pusher": author,
            "repository": [
                "name": .string(name), "full_name": .string("\(Demo.organisation)/\(name)"), "private": true,
                "owner": ["login": .string(Demo.organisation)], "default_branch": "main",
            ],
        ]
    }

    /// Lines of output; nil when Git says no.
    private func git(_ arguments: [String]) async throws -> [String]? {
        let result = try await ProgramRun("git", arguments, timeLimit: Self.timeout).run()
        guard result.exitCode == 0 else { return nil }
        return String(decoding: result.output, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
