import JSON

/// What a namespace has to say about an object that is to be created in it
/// (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/).
extension ObjectStore {
    /// - Throws: 403 in the words of the admission plug-in that refuses.
    func admitNew(_ object: inout JSON, at key: ObjectKey) throws(APIError) {
        guard key.kind.isNamespaced else { return }
        if key.kind == .pod {
            PodDefaults.admit(&object)
            let ranges = all(.limitRange, in: key.namespace)
            ContainerLimits.fill(&object, ranges)
            let namespace = self.object(ObjectKey(.namespace, namespace: "", name: key.namespace)) ?? [:]
            let refusal = ContainerLimits.violation(of: object, ranges)
                ?? PodSecurity.violation(of: object, in: namespace)
            if let refusal { throw .forbidden(key.kind, key.name, refusal) }
        }
        let quotas = all(.resourceQuota, in: key.namespace)
        if quotas.isEmpty { return }
        let others = all(key.kind, in: key.namespace)
        if let refusal = Quota.violation(of: object, key.kind, others: others, quotas: quotas) {
            throw .forbidden(key.kind, key.name, refusal)
        }
    }

    private func all(_ kind: ResourceKind, in namespace: String) -> [JSON] {
        (keysByNamespace[namespace] ?? []).filter { $0.kind == kind }.compactMap(object)
    }
}
