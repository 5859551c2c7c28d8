import JSON

/// A certificate as a plan asks for it.
struct WantedCertificate: Hashable, Sendable {
    /// The whole object, with all of its names.
    let object: JSON
    let namespace: String
    let name: String
    let hosts: [String]
    /// Proven by records below `_acme-challenge`, wherever the hosts point to; otherwise over HTTP, by answering here.
    let usesDNS01: Bool

    init(_ object: JSON, in namespace: String) {
        self.object = object
        self.namespace = namespace
        name = object.at("metadata", "name")?.string ?? ""
        hosts = Self.hosts(of: object)
        usesDNS01 = object.at("metadata", "labels")?[RoutingObjects.solverLabel]?.string == RoutingObjects.dns01Solver
    }

    static func hosts(of certificate: JSON) -> [String] {
        certificate.at("spec", "dnsNames")?.array?.compactMap(\.string) ?? []
    }

    /// The same certificate for some of its names.
    func object(for hosts: [String]) -> JSON {
        var certificate = object
        certificate["spec"]?["dnsNames"] = .array(hosts.map(JSON.string))
        return certificate
    }
}
