import Deploys
import JSON

/// Removes what earlier releases of an app left in its namespace: an appling that is gone, a route, the
/// variables of the version before.
///
/// Only objects with our labels are looked at; what people made by hand stays.
struct ObjectPruner {
    let client: KubernetesClient

    /// Everything of ours except the Namespace itself.
    static let kinds = KubernetesResource.rendered.filter(\.isNamespaced)

    /// Leftovers do no harm, so an error is no reason to call a successful roll-out failed: the next one
    /// tries again.
    func prune(_ release: Release, keeping objects: [JSON]) async {
        let kept = Set(objects.map(Identity.init))
        await withTaskGroup(of: Void.self) { group in
            for kind in Self.kinds {
                group.addTask {
                    guard let leftovers = try? await leftovers(of: kind, release, kept: kept) else { return }
                    for object in leftovers {
                        _ = try? await client.delete(
                            kind, namespace: release.namespace,
                            name: object.at("metadata", "name")?.string ?? "",
                            uid: object.at("metadata", "uid")?.string)
                    }
                }
            }
        }
    }

    private func leftovers(
        of kind: KubernetesResource, _ release: Release, kept: Set<Identity>
    ) async throws(KubernetesError) -> [JSON] {
        let selector =
            "\(ObjectScope.managedBy.key)=\(ObjectScope.managedBy.value),"
            + "\(ObjectScope.partOfLabel)=\(release.appSlug)"
        let list = try await client.list(kind, namespace: release.namespace, labelSelector: selector)
        // Objects in a list do not repeat their kind.
        return list.items.filter { object in
            let name = object.at("metadata", "name")?.string ?? ""
            return object.at("metadata", "uid")?.string != nil
                && object.at("metadata", "labels")?[ObjectScope.keptLabel] == nil
                && !kept.contains(Identity(kind: kind.kind, name: name))
        }
    }

    private struct Identity: Hashable {
        let kind: String
        let name: String

        init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }

        init(_ object: JSON) {
            kind = object["kind"]?.string ?? ""
            name = object.at("metadata", "name")?.string ?? ""
        }
    }
}
