import Deploys
import JSON

/// The Secrets that people made and that a plan's pods refer to. Looked for before anything is changed: without them,
/// pods would wait for ever to be made.
struct RequiredSecrets: Sendable {
    /// By the Secret's name.
    private let needs: [String: Need]
    private let namespace: String

    private struct Need: Sendable {
        /// The variables that read each key.
        var variables: [String: Set<String>] = [:]
        /// Folders into which its files are mounted.
        var folders: Set<String> = []
    }

    /// Secrets that are asked for side by side.
    private static let maxParallel = 8

    /// - Parameter plan: its objects.
    init(_ plan: [JSON], _ addOns: [AddOnPlace], namespace: String) {
        var needs: [String: Need] = [:]
        let pods = (plan.stage(.workloads) + plan.stage(.releaseJobs)).compactMap { $0.at("spec", "template", "spec") }
        for pod in pods {
            let containers = (pod["containers"]?.array ?? []) + (pod["initContainers"]?.array ?? [])
            for variable in containers.flatMap({ $0["env"]?.array ?? [] }) {
                guard let reference = variable.at("valueFrom", "secretKeyRef"), let name = reference["name"]?.string,
                    let key = reference["key"]?.string
                else { continue }
                needs[name, default: Need()].variables[key, default: []].insert(variable["name"]?.string ?? "")
            }
            let mounts = containers.flatMap { $0["volumeMounts"]?.array ?? [] }
            for volume in pod["volumes"]?.array ?? [] {
                let folders = mounts.filter { $0["name"] == volume["name"] }.compactMap { $0["mountPath"]?.string }
                for secret in VolumeSecret.all(of: volume) {
                    needs[secret.name, default: Need()].folders.formUnion(folders)
                }
            }
        }
        // What the service makes itself is there in time.
        let own = plan.compactMap { $0["kind"] == "Secret" ? $0.at("metadata", "name")?.string : nil }
            + plan.stage(.addOns).compactMap { $0.at("metadata", "name")?.string } + addOns.map(\.addOn.name)
        for name in own { needs[name] = nil }
        self.needs = needs
        self.namespace = namespace
    }

    var names: [String] { needs.keys.sorted() }

    /// - Throws: `.unmet` with all that is missing, and the commands that make it.
    func check(_ client: KubernetesClient, _ patience: Patience) async throws(RollOutError) {
        let found = await inParallel(names, atMost: Self.maxParallel) { [namespace] name in
            do throws(KubernetesError) {
                return Result<JSON?, KubernetesError>.success(
                    try await patience.ask { () throws(KubernetesError) in
                        try await client.find(.secrets, namespace: namespace, name: name)
                    })
            } catch { return .failure(error) }
        }
        var sentences: [String] = []
        var commands: [String] = []
        for (name, answer) in zip(names, found) {
            let secret: JSON?
            do throws(KubernetesError) { secret = try answer.get() } catch {
                let object: JSON = ["kind": "Secret", "metadata": ["name": .string(name)]]
                throw Refusals(error, object).rollOutError(isBegun: false)
            }
            guard let lack = lack(name, secret) else { continue }
            sentences.append(lack.sentence)
            commands.append("`\(lack.command)`")
        }
        guard !sentences.isEmpty else { return }
        throw .unmet(
            sentences.joined(separator: " "),
            advice: "Make it, then deploy again: \(commands.joined(separator: " and "))")
    }

    private func lack(_ name: String, _ secret: JSON?) -> (sentence: String, command: String)? {
        guard let need = needs[name] else { return nil }
        let data = secret?["data"]?.object ?? [:]
        let keys = need.variables.keys.sorted().filter { data[$0] == nil }
        if secret != nil, keys.isEmpty { return nil }
        let users = keys.flatMap { key in need.variables[key, default: []].sorted().map { "`\($0)`" } }
            + (secret == nil ? need.folders.sorted().map { "`\($0)`" } : [])
        let reason = "\(Self.list(users)) \(users.count == 1 ? "needs" : "need") it"
        if secret != nil {
            let values = keys.map { "\"\($0)\":\"…\"" }.joined(separator: ",")
            return (
                "The Secret `\(name)` in the namespace \(namespace) lacks \(Self.list(keys.map { "`\($0)`" })), and "
                    + "\(reason).",
                "kubectl --namespace \(namespace) patch secret \(name) --type merge --patch "
                    + "'{\"stringData\":{\(values)}}'"
            )
        }
        let values = keys.map { " --from-literal=\($0)=…" } + (need.folders.isEmpty ? [] : [" --from-file=./…"])
        return (
            "There is no Secret `\(name)` in the namespace \(namespace), and \(reason).",
            "kubectl --namespace \(namespace) create secret generic \(name)" + values.joined()
        )
    }

    private static func list(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
