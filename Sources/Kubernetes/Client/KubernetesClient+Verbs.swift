import Foundation
import JSON
import Synchronization

/// A list as of one moment.
package struct KubernetesList: Sendable {
    package let items: [JSON]
    /// Where a watch goes on from here.
    package let resourceVersion: String
}

extension KubernetesClient {
    static let itemsPerPage = 500
    /// More objects than this in one list are an accident; they would not fit into memory either.
    static let maxListedObjects = 100_000
    static let maxListRestarts = 3
    static let maxLogBytes = 64 << 10

    /// Server-side apply: makes the object, or changes the fields that we own.
    /// - Parameters:
    ///   - resource: needed for kinds that no release consists of.
    ///   - dryRun: only ask whether it would be accepted.
    ///   - force: take over fields that belong to other managers.
    /// - Returns: the object as the server now has it.
    /// - Throws: without force, `.fieldConflicts` when fields belong to others.
    package func apply(
        _ object: JSON, as resource: KubernetesResource? = nil, dryRun: Bool = false, force: Bool = true
    ) async throws(KubernetesError) -> JSON {
        guard let resource = resource ?? .of(object), let name = object.at("metadata", "name")?.string
        else { throw .invalid("an object without a known kind or without a name") }
        let namespace = object.at("metadata", "namespace")?.string
        var query = [
            (name: "fieldManager", value: Self.fieldManager), (name: "force", value: force ? "true" : "false"),
            (name: "fieldValidation", value: "Strict"),
        ]
        if dryRun { query.append((name: "dryRun", value: "All")) }
        return try await self.object(
            Call(
                method: "PATCH", path: resource.path(namespace: namespace, name: name), query: query,
                contentType: "application/apply-patch+yaml", body: object.bytes))
    }

    /// Makes an object that does not exist yet.
    /// - Throws: `.conflict` when it does.
    package func create(
        _ object: JSON, as resource: KubernetesResource? = nil
    ) async throws(KubernetesError) -> JSON {
        guard let resource = resource ?? .of(object) else {
            throw .invalid("an object without a known kind")
        }
        let namespace = object.at("metadata", "namespace")?.string
        return try await self.object(
            Call(
                method: "POST", path: resource.path(namespace: namespace), query: Self.writing,
                contentType: "application/json", body: object.bytes))
    }

    /// Puts the object in the place of the one that is there.
    /// - Parameter object: with the `metadata.resourceVersion` that was read; the server refuses it when somebody
    ///   else has changed the object since.
    /// - Throws: `.conflict` then, `.notFound` when it is gone.
    package func replace(
        _ object: JSON, as resource: KubernetesResource? = nil
    ) async throws(KubernetesError) -> JSON {
        guard let resource = resource ?? .of(object), let name = object.at("metadata", "name")?.string
        else { throw .invalid("an object without a known kind or without a name") }
        let path = resource.path(namespace: object.at("metadata", "namespace")?.string, name: name)
        return try await self.object(
            Call(
                method: "PUT", path: path, query: Self.writing, contentType: "application/json",
                body: object.bytes))
    }

    /// Changes single fields of an object, whoever owns them: null takes one away (RFC 7396).
    /// - Parameter patch: with the object's name, and the `metadata.resourceVersion` that was read; the server refuses
    ///   it when somebody else has changed the object since.
    /// - Returns: the object as the server now has it.
    /// - Throws: `.conflict` then, `.notFound` when it is gone.
    package func merge(
        _ patch: JSON, as resource: KubernetesResource? = nil
    ) async throws(KubernetesError) -> JSON {
        guard let resource = resource ?? .of(patch), let name = patch.at("metadata", "name")?.string
        else { throw .invalid("an object without a known kind or without a name") }
        let path = resource.path(namespace: patch.at("metadata", "namespace")?.string, name: name)
        return try await self.object(
            Call(
                method: "PATCH", path: path, query: Self.writing, contentType: "application/merge-patch+json",
                body: patch.bytes))
    }

    /// Unknown fields are mistakes (https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation).
    private static let writing = [
        (name: "fieldManager", value: fieldManager), (name: "fieldValidation", value: "Strict"),
    ]

    package func get(
        _ resource: KubernetesResource, namespace: String?, name: String
    ) async throws(KubernetesError) -> JSON {
        try await object(Call(path: resource.path(namespace: namespace, name: name)))
    }

    /// Nil when there is no such object.
    package func find(
        _ resource: KubernetesResource, namespace: String?, name: String
    ) async throws(KubernetesError) -> JSON? {
        do throws(KubernetesError) {
            return try await get(resource, namespace: namespace, name: name)
        } catch .notFound {
            return nil
        }
    }

    /// All pages of a list.
    /// - Parameters:
    ///   - namespace: nil for all namespaces.
    ///   - labelSelector: such as `app.kubernetes.io/managed-by=iterapp`.
    package func list(
        _ resource: KubernetesResource, namespace: String? = nil, labelSelector: String? = nil
    ) async throws(KubernetesError) -> KubernetesList {
        let items = Mutex<[JSON]>([])
        let version = try await pages(resource, namespace: namespace, labelSelector: labelSelector) { page, isFirst in
            items.withLock { $0 = isFirst ? page : $0 + page }
        }
        return KubernetesList(items: items.withLock { $0 }, resourceVersion: version)
    }

    /// A list page by page, so that no more than one has to be held in memory.
    /// - Parameter onPage: called in order. When the server has forgotten the pages to come, it begins anew: with a
    ///   page that is the first again.
    /// - Returns: the version of the list.
    func pages(
        _ resource: KubernetesResource, namespace: String? = nil, labelSelector: String?,
        onPage: @Sendable (_ items: [JSON], _ isFirst: Bool) async -> Void
    ) async throws(KubernetesError) -> String {
        var count = 0
        var token: String?
        var restarts = 0
        while true {
            var query = [(name: "limit", value: String(Self.itemsPerPage))]
            if let labelSelector { query.append((name: "labelSelector", value: labelSelector)) }
            if let token { query.append((name: "continue", value: token)) }
            let page: JSON
            do throws(KubernetesError) {
                page = try await object(Call(path: resource.path(namespace: namespace), query: query))
            } catch .expired where token != nil && restarts < Self.maxListRestarts {
                // The pages after this one would be of another moment.
                (count, token) = (0, nil)
                restarts += 1
                continue
            }
            let items = page["items"]?.array ?? []
            await onPage(items, token == nil)
            count += items.count
            guard count <= Self.maxListedObjects else {
                throw .malformed("more than \(Self.maxListedObjects) \(resource.plural)")
            }
            token = page.at("metadata", "continue")?.string
            if token == nil || token == "" { return page.at("metadata", "resourceVersion")?.string ?? "" }
        }
    }

    /// - Parameter uid: delete only this very object, not one that took its name since.
    /// - Returns: a `Status`, or the object; it still exists when it has finalizers.
    @discardableResult
    package func delete(
        _ resource: KubernetesResource, namespace: String?, name: String, uid: String?,
        propagation: DeletePropagation = .background
    ) async throws(KubernetesError) -> JSON {
        let options: JSON = .compact([
            "apiVersion": "v1", "kind": "DeleteOptions",
            "propagationPolicy": .string(propagation.rawValue),
            "preconditions": uid.map { ["uid": .string($0)] },
        ])
        return try await object(
            Call(
                method: "DELETE", path: resource.path(namespace: namespace, name: name),
                contentType: "application/json", body: options.bytes))
    }

    /// The end of a container's output, oldest line first.
    /// - Parameter previous: of the container's run before the last restart.
    package func podLog(
        namespace: String, pod: String, container: String, previous: Bool = false, tailLines: Int
    ) async throws(KubernetesError) -> [String] {
        var query = [
            (name: "container", value: container), (name: "tailLines", value: String(tailLines)),
            (name: "limitBytes", value: String(Self.maxLogBytes)),
        ]
        if previous { query.append((name: "previous", value: "true")) }
        let path = KubernetesResource.pods.path(namespace: namespace, name: pod) + "/log"
        let body = try await send(Call(path: path, query: query, accept: "*/*"))
        let lines = String(decoding: body, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        return (lines.last == "" ? lines.dropLast() : lines).map(String.init)
    }
}

/// What happens to an object's dependents
/// (https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion).
package enum DeletePropagation: String, Sendable {
    case background = "Background"
    case foreground = "Foreground"
    case orphan = "Orphan"
}
