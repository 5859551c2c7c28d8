import Foundation
import HTTP
import JSON
import YAML

/// Kubeconfig files, in YAML or JSON, merged as kubectl does: of each entry and setting the first counts
/// (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
package struct Kubeconfig: Sendable {
    private static let maxFileBytes = YAML.maxBytes

    private let source: KubeconfigSource
    private var entries: [Kind: [String: KubeconfigEntry]] = [:]
    private var currentContext: String?

    enum Kind: String, CaseIterable {
        case context, cluster, user
        var list: String { rawValue + "s" }
    }

    package init(path: String) throws(ConnectionError) {
        try self.init(KubeconfigSource(list: path))
    }

    /// - Throws: `ConnectionError` when a file cannot be read. A missing one among several is left out, as in kubectl.
    package init(_ source: KubeconfigSource) throws(ConnectionError) {
        self.source = source
        let exist = source.paths.filter { FileManager.default.fileExists(atPath: $0) }
        guard !exist.isEmpty else {
            throw ConnectionError("The kubeconfig \(source.text) is not there; set KUBECONFIG to the path of one.")
        }
        for path in exist { try add(path) }
    }

    private mutating func add(_ path: String) throws(ConnectionError) {
        let root = try Self.read(path)
        guard root.object != nil || root.isNull else {
            throw ConnectionError("The kubeconfig \(path) (KUBECONFIG) has no settings; it must be a mapping.")
        }
        let file = KubeconfigEntry(value: root, file: path, title: "at its top")
        if currentContext == nil { currentContext = try file.text("current-context") }
        for kind in Kind.allCases { try add(kind, of: file) }
    }

    private mutating func add(_ kind: Kind, of file: KubeconfigEntry) throws(ConnectionError) {
        guard let list = file.value[kind.list], !list.isNull else { return }
        guard let items = list.array else { throw file.problem("`\(kind.list)` must be a list") }
        var names: Set<String> = []
        for item in items {
            let entry = KubeconfigEntry(value: item, file: file.file, title: "an entry of `\(kind.list)`")
            guard let name = try entry.text("name") else { throw entry.problem("it has no name") }
            guard names.insert(name).inserted else { throw entry.problem("“\(name)” is there twice; remove one") }
            let value = item[kind.rawValue] ?? .null
            guard value.object != nil || value.isNull else {
                throw entry.problem("`\(kind.rawValue)` must be a mapping")
            }
            if entries[kind]?[name] == nil {
                entries[kind, default: [:]][name] = KubeconfigEntry(
                    value: value, file: file.file, title: "\(kind.rawValue) “\(name)”")
            }
        }
    }

    private static func read(_ path: String) throws(ConnectionError) -> JSON {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            // Nil at the end of the file, which an empty one begins with.
            data = try file.read(upToCount: maxFileBytes + 1) ?? Data()
        } catch {
            throw ConnectionError("The kubeconfig \(path) cannot be read; check KUBECONFIG and the file's rights.")
        }
        guard data.count <= maxFileBytes else {
            throw ConnectionError("The kubeconfig \(path) (KUBECONFIG) is larger than \(maxFileBytes) bytes.")
        }
        // JSON may hold what our YAML has no room for, such as very long names.
        if let json = try? JSON.parse(data) { return json }
        do { return try YAML.parse(data) } catch {
            throw ConnectionError(
                "The kubeconfig \(path) (KUBECONFIG) cannot be read: \(error); write it with "
                    + "`kubectl config view --raw --flatten`.")
        }
    }

    // MARK: - The context

    /// The connection of the chosen context, or of the current one.
    package func connection() throws(ConnectionError) -> KubernetesConnection {
        let context = try context()
        guard let clusterName = try context.text("cluster") else {
            throw context.problem("it names no cluster; set one with `kubectl config set-context`")
        }
        let cluster = try entry(.cluster, clusterName, for: context)
        let userName = try context.text("user") ?? ""
        let user = userName.isEmpty
            ? KubeconfigEntry(value: [:], file: context.file, title: context.title)
            : try entry(.user, userName, for: context)
        let reader = KubeconfigReader(cluster: cluster, user: user, environment: source.environment)
        var connection = try reader.connection()
        connection.namespace = try context.text("namespace")
        connection.origin = .kubeconfig(source, file: user.file, cluster: clusterName, user: userName)
        return connection
    }

    private func context() throws(ConnectionError) -> KubeconfigEntry {
        let names = (entries[.context] ?? [:]).keys.sorted()
        let known = names.isEmpty ? "it has none" : "it has " + names.prefix(20).joined(separator: ", ")
        guard let name = source.context ?? currentContext else {
            throw ConnectionError(
                "The kubeconfig \(source.text) has no current context (\(known)); choose one with "
                    + "`kubectl config use-context` or ITERAPP_KUBE_CONTEXT.")
        }
        guard let entry = entries[.context]?[name] else {
            let setting = source.context == nil ? "its current context" : "ITERAPP_KUBE_CONTEXT"
            throw ConnectionError(
                "The kubeconfig \(source.text) has no context named “\(name)”, which \(setting) names; \(known).")
        }
        return entry
    }

    private func entry(
        _ kind: Kind, _ name: String, for context: KubeconfigEntry
    ) throws(ConnectionError) -> KubeconfigEntry {
        if let entry = entries[kind]?[name] { return entry }
        throw context.problem("there is no \(kind.rawValue) named “\(name)” in the kubeconfig")
    }
}
