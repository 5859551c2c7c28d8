import Foundation
import JSON
import Subprocess

/// A program that logs in
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
package struct ExecPlugin: Sendable, Equatable {
    static let apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
    static let timeLimit: Duration = .seconds(60)
    static let maxOutputBytes = 1 << 20

    /// Without a slash it is looked up on PATH.
    let command: String
    let arguments: [String]
    /// All that the program sees; what the entry sets is in it.
    let environment: [String: String]
    let apiVersion: String
    let installHint: String?
    /// What the program is told about the cluster; nil when the entry does not ask for that.
    let cluster: JSON?

    /// The program's, without its folder: for sentences. Arguments may be secret.
    package var name: String { command.split(separator: "/").last.map(String.init) ?? command }

    init(
        _ exec: JSON, user: KubeconfigEntry, cluster: KubeconfigEntry, environment: [String: String]
    ) throws(ConnectionError) {
        let entry = KubeconfigEntry(value: exec, file: user.file, title: user.title + ", `exec`")
        guard let command = try entry.text("command") else { throw entry.problem("it has no `command`") }
        // A path counts from the kubeconfig's folder, a bare name from PATH.
        self.command = command.contains("/") ? entry.resolve(command) : command
        arguments = try Self.texts("args", of: entry)
        self.environment = environment.merging(try Self.variables(of: entry)) { $1 }
        apiVersion = try entry.text("apiVersion") ?? ""
        guard Self.apiVersions.contains(apiVersion) else {
            throw entry.problem(
                "`apiVersion` must be \(Self.apiVersions[0]) or \(Self.apiVersions[1]); renew the entry with the tool "
                    + "that wrote it")
        }
        if try entry.text("interactiveMode") == "Always" {
            throw entry.problem(
                "`interactiveMode: Always` needs a person at a terminal; let it log in by itself, or give the user a "
                    + "token (`kubectl create token`)")
        }
        installHint = try entry.text("installHint")
        self.cluster = exec["provideClusterInfo"]?.bool == true ? try Self.information(on: cluster) : nil
    }

    private static func texts(_ key: String, of entry: KubeconfigEntry) throws(ConnectionError) -> [String] {
        guard let list = entry.value[key], !list.isNull else { return [] }
        let texts = (list.array ?? []).compactMap(\.string)
        guard texts.count == list.array?.count else { throw entry.problem("`\(key)` must be a list of texts") }
        return texts
    }

    private static func variables(of entry: KubeconfigEntry) throws(ConnectionError) -> [String: String] {
        guard let list = entry.value["env"], !list.isNull else { return [:] }
        var variables: [String: String] = [:]
        for item in list.array ?? [.null] {
            guard let name = item["name"]?.string, !name.isEmpty, let value = item["value"]?.string else {
                throw entry.problem("`env` must be a list of entries with `name` and `value`, both texts")
            }
            variables[name] = value
        }
        return variables
    }

    /// The fields of `ExecCredential.spec.cluster`.
    private static func information(on cluster: KubeconfigEntry) throws(ConnectionError) -> JSON {
        let extensions = cluster.value["extensions"]?.array ?? []
        let own = extensions.first { $0["name"]?.string == "client.authentication.k8s.io/exec" }
        let authority = try cluster.pem("certificate-authority").map { Data($0.text.utf8).base64EncodedString() }
        return .compact([
            "server": cluster.value["server"], "tls-server-name": cluster.value["tls-server-name"],
            "proxy-url": cluster.value["proxy-url"], "certificate-authority-data": authority.map(JSON.string),
            "config": own?["extension"],
        ])
    }

    // MARK: - Running

    /// - Returns: what the program gave.
    /// - Throws: a sentence without a full stop at its end, and without anything that the program wrote: that may be
    ///   secret.
    func run() async throws(ExecFailure) -> ExecCredential {
        let question: JSON = [
            "apiVersion": .string(apiVersion), "kind": "ExecCredential",
            "spec": .compact(["interactive": false, "cluster": cluster]),
        ]
        var run = ProgramRun(command, arguments, timeLimit: Self.timeLimit)
        run.inheritsEnvironment = false
        run.environment = environment
        run.environment["KUBERNETES_EXEC_INFO"] = question.text
        run.maxOutputBytes = Self.maxOutputBytes
        let result: ProgramResult
        do throws(ProgramError) {
            result = try await run.run()
        } catch {
            throw failure(error)
        }
        guard result.exitCode == 0 else {
            throw ExecFailure("“\(name)” ended with exit code \(result.exitCode); run it by hand to see why")
        }
        do throws(ExecFailure) {
            return try ExecCredential(result.output, apiVersion: apiVersion)
        } catch {
            throw ExecFailure("what “\(name)” printed is no credential (\(error.sentence)); run it by hand to see it")
        }
    }

    private func failure(_ error: ProgramError) -> ExecFailure {
        switch error {
        case .notFound:
            let hint = installHint.map { ": \($0.trimmingCharacters(in: .whitespacesAndNewlines.union(["."])))" } ?? ""
            return ExecFailure("the program “\(name)” was not found; install it or add it to PATH\(hint)")
        case .cannotStart(_, let reason): return ExecFailure("“\(name)” cannot be started (\(reason))")
        case .timedOut:
            return ExecFailure("“\(name)” gave no answer within \(Self.timeLimit.components.seconds) seconds")
        case .cancelled: return ExecFailure("“\(name)” was stopped")
        }
    }
}

extension ExecPlugin: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without arguments and variables, which may be secret.
    package var description: String { name }
    package var debugDescription: String { name }
}

/// Why a program gave no credentials; nothing in it is secret.
struct ExecFailure: Error, Equatable {
    let sentence: String
    init(_ sentence: String) { self.sentence = sentence }
}
