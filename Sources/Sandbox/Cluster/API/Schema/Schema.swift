/// The structures of all kinds in `ResourceKind.all`.
enum Schema {
    private static let structures: [String: SchemaStructure] = {
        var table = SchemaTable([
            metaTypes, coreTypes, podTypes, containerTypes, volumeTypes, podStatusTypes, workloadTypes,
            networkTypes, accessTypes, policyTypes, certificateTypes, issuerTypes, gatewayTypes, traefikTypes,
            monitoringTypes,
        ])
        return Dictionary(
            uniqueKeysWithValues: ResourceKind.all.map { ($0.kind, table.structure($0.kind)) })
    }()

    static func structure(of kind: ResourceKind) -> SchemaStructure {
        guard let structure = structures[kind.kind] else {
            preconditionFailure("the schema tables have no \(kind.kind)")
        }
        return structure
    }
}
