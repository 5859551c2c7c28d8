import JSON

extension KubernetesClient {
    /// Puts an object in the place of the one whose `metadata.resourceVersion` it carries.
    /// - Returns: the object as the server now has it.
    /// - Throws: `.conflict` when somebody else has written it since
    ///   (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
    func replace(_ object: JSON, _ resource: KubernetesResource) async throws(KubernetesError) -> JSON {
        guard let name = object.at("metadata", "name")?.string else { throw .invalid("an object without a name") }
        let namespace = object.at("metadata", "namespace")?.string
        return try await self.object(
            Call(
                method: "PUT", path: resource.path(namespace: namespace, name: name), query: Self.writing,
                contentType: "application/json", body: object.bytes))
    }

    /// Makes an object of a kind that no release has.
    /// - Throws: `.conflict` when it exists.
    func create(_ object: JSON, _ resource: KubernetesResource) async throws(KubernetesError) -> JSON {
        let namespace = object.at("metadata", "namespace")?.string
        return try await self.object(
            Call(
                method: "POST", path: resource.path(namespace: namespace), query: Self.writing,
                contentType: "application/json", body: object.bytes))
    }

    private static let writing = [
        (name: "fieldManager", value: fieldManager), (name: "fieldValidation", value: "Strict"),
    ]
}
