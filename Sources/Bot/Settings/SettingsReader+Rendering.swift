import Deploys
import Kubernetes

/// How apps are named and what their objects look like.
extension SettingsReader {
    mutating func rendering() -> Settings.Rendering {
        Settings.Rendering(naming: naming(), options: options(), registry: text("ITERAPP_REGISTRY"))
    }

    private mutating func options() -> RenderOptions {
        var options = RenderOptions()
        options.routing = routing()
        options.clusterIssuer = objectName("ITERAPP_CLUSTER_ISSUER", of: "a ClusterIssuer") ?? options.clusterIssuer
        options.progressDeadlineSeconds = whole(
            "ITERAPP_ROLLOUT_DEADLINE_SECONDS", default: options.progressDeadlineSeconds, in: 5...3_600)
        options.kubernetesMinor = kubernetesMinor(default: options.kubernetesMinor)
        options.programImage = image("ITERAPP_IMAGE", default: options.programImage)
        options.redisImage = image("ITERAPP_REDIS_IMAGE", default: options.redisImage)
        options.cloudSQLProxyImage = image("ITERAPP_CLOUD_SQL_PROXY_IMAGE", default: options.cloudSQLProxyImage)
        options.cloudSQLServiceAccount = googleAccount("ITERAPP_CLOUD_SQL_SERVICE_ACCOUNT")
        options.podMonitors = flag("ITERAPP_POD_MONITORS", default: options.podMonitors)
        return options
    }

    private mutating func kubernetesMinor(default usual: Int) -> Int {
        guard let value = text("ITERAPP_KUBERNETES_VERSION") else { return usual }
        if let minor = RenderOptions.kubernetesMinor(ofVersion: value) { return minor }
        let oldest = RenderOptions.kubernetesMinors.lowerBound
        problems.append(
            "ITERAPP_KUBERNETES_VERSION must be the cluster's version, 1.\(oldest) or newer, not \(value).")
        return usual
    }

    /// `registry/name:tag` or `name@sha256:…`; what the registry makes of it is not known here.
    private mutating func image(_ name: String, default usual: String) -> String {
        guard let value = text(name) else { return usual }
        if value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !value.contains("://") { return value }
        problems.append("\(name) must be an image as in registry.example.com/name:tag, not \(value).")
        return usual
    }

    /// https://cloud.google.com/iam/docs/service-accounts-create
    private mutating func googleAccount(_ name: String) -> String? {
        guard let value = text(name) else { return nil }
        if value.wholeMatch(of: #/[a-z0-9][a-z0-9-]*@[a-z0-9.-]+\.gserviceaccount\.com/#) != nil { return value }
        problems.append(
            "\(name) must be a Google service account, as in cloud-sql@my-project.iam.gserviceaccount.com, "
                + "not \(value).")
        return nil
    }

    /// Both profiles are read, so that what is wrong with either is said now and not after a switch.
    private mutating func routing() -> RenderOptions.Routing {
        enum Profile: String, CaseIterable { case gateway, ingress }
        var gateway = gateway()
        gateway.listeners = choice("ITERAPP_GATEWAY_LISTENERS", default: gateway.listeners)
        let ingress = IngressProfile(
            className: objectName("ITERAPP_INGRESS_CLASS", of: "an IngressClass"),
            controller: choice("ITERAPP_INGRESS_CONTROLLER", default: .nginx))
        switch choice("ITERAPP_ROUTING", default: Profile.gateway) {
        case .gateway: return .gateway(gateway)
        case .ingress: return .ingress(ingress)
        }
    }

    private mutating func gateway() -> GatewayProfile {
        guard let value = text("ITERAPP_GATEWAY") else { return GatewayProfile() }
        let parts = value.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(Self.isObjectName) else {
            problems.append("ITERAPP_GATEWAY must be namespace/name of a Gateway, not \(value).")
            return GatewayProfile()
        }
        return GatewayProfile(name: parts[1], namespace: parts[0])
    }

    private mutating func objectName(_ name: String, of what: String) -> String? {
        guard let value = text(name) else { return nil }
        if Self.isObjectName(value) { return value }
        problems.append(
            "\(name) must be the name of \(what): lower-case letters, digits, “-” and “.”, not \(value).")
        return nil
    }

    /// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
    static func isObjectName(_ text: String) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && !part.hasPrefix("-") && !part.hasSuffix("-")
                    && part.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
            }
    }

    static let usualOrganisation = "iterate"

    mutating func naming() -> Naming {
        let organisation = text("ITERAPP_DEFAULT_ORG") ?? Self.usualOrganisation
        if AppID(parsing: "\(organisation)/app", defaultOrganisation: "") == nil {
            problems.append("ITERAPP_DEFAULT_ORG must be an organisation's name, not \(organisation).")
        }
        return Naming(
            defaultOrganisation: organisation, domains: domains(suffix: "", "iterate.no"),
            externalDomains: domains(suffix: "_EXTERNAL", "iterapp.no"))
    }

    private mutating func domains(suffix: String, _ root: String) -> Naming.Domains {
        Naming.Domains(
            prod: domain("ITERAPP_DOMAIN_PROD\(suffix)", default: "{app}.app.\(root)", needs: ["{app}"]),
            test: domain("ITERAPP_DOMAIN_TEST\(suffix)", default: "{app}.test.\(root)", needs: ["{app}"]),
            snap: domain(
                "ITERAPP_DOMAIN_SNAP\(suffix)", default: "{env}.{app}.app.\(root)", needs: ["{app}", "{env}"]))
    }

    private mutating func domain(_ name: String, default usual: String, needs: [String]) -> String {
        guard let value = text(name)?.lowercased() else { return usual }
        for part in needs where !value.contains(part) {
            problems.append("\(name) must contain \(part), as in \(usual).")
        }
        let host = value.replacing("{app}", with: "a").replacing("{env}", with: "e")
        let isHost = host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
        if !isHost { problems.append("\(name) must be a host name, as in \(usual).") }
        return value
    }
}
