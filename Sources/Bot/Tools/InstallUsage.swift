import Kubernetes

/// Takes the flags of `iterapp install` one by one, and collects what is wrong with them.
struct InstallUsage {
    private let flags: InstallOrder.Flags
    private(set) var problems: [String] = []
    /// Settings that a flag gives another value for this once.
    private(set) var variables: [String: String] = [:]

    init(_ flags: InstallOrder.Flags) { self.flags = flags }

    mutating func read(into options: inout InstallOptions) {
        if let text = flags["only"] { options.parts = parts(text) }
        options.namespace = name("namespace") ?? options.namespace
        options.storage = storage() ?? options.storage
        options.storageClass = name("storage-class")
        options.registrySecret = name("registry-secret")
        var buildKit = BuildKitOptions()
        buildKit.namespace = name("build-namespace") ?? buildKit.namespace
        buildKit.certManagerNamespace = name("cert-manager-namespace") ?? buildKit.certManagerNamespace
        buildKit.image = flags["buildkit-image"] ?? buildKit.image
        if let text = flags["buildkit-certificates"] {
            let choice = BuildKitOptions.Certificates(rawValue: text)
            if choice == nil { problems.append("--buildkit-certificates must be cert-manager or own, not \(text).") }
            buildKit.certificates = choice ?? buildKit.certificates
        }
        options.buildKit = buildKit
        if buildKit.namespace == options.namespace {
            problems.append(
                "--build-namespace must be another one than the bot's: builds need a namespace without Pod Security.")
        }
        readIssuer(into: &options)
        let settings = [
            ("image", "ITERAPP_IMAGE"), ("url", "ITERAPP_PUBLIC_URL"), ("routing", "ITERAPP_ROUTING"),
            ("kubernetes", "ITERAPP_KUBERNETES_VERSION"),
        ]
        for (flag, variable) in settings { variables[variable] = flags[flag] }
    }

    private mutating func readIssuer(into options: inout InstallOptions) {
        options.issuer.email = flags["email"]
        if let email = flags["email"], email.split(separator: "@").count != 2 {
            problems.append("--email must be an address, as in ops@example.com, not \(email).")
        }
        if let server = flags["acme-server"] {
            if !server.hasPrefix("https://") {
                problems.append("--acme-server must be a URL that begins with https://.")
            }
            options.issuer.server = server
        }
        guard let text = flags["dns01"] else { return }
        let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (halves.first, halves.dropFirst().first) {
        case ("cloudflare", nil): options.issuer.dns01 = .cloudflare
        case ("clouddns", let project?): options.issuer.dns01 = .cloudDNS(project: project)
        case ("route53", let region?): options.issuer.dns01 = .route53(region: region)
        default: problems.append("--dns01 must be cloudflare, clouddns:PROJECT or route53:REGION, not \(text).")
        }
    }

    private mutating func parts(_ text: String) -> Set<InstallPart> {
        var parts: Set<InstallPart> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let part = InstallPart(rawValue: String(word)) else {
                let known = InstallPart.allCases.map(\.rawValue).joined(separator: ", ")
                problems.append("--only takes \(known), separated by commas, not \(word).")
                continue
            }
            parts.insert(part)
        }
        return parts
    }

    /// RFC 1123, section 2.1: namespaces and classes are named by labels.
    private mutating func name(_ flag: String) -> String? {
        guard let name = flags[flag] else { return nil }
        let isLabel = (1...63).contains(name.utf8.count) && !name.hasPrefix("-") && !name.hasSuffix("-")
            && name.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
        if !isLabel { problems.append("--\(flag) must be a name of lower-case letters, digits and “-”, not \(name).") }
        return name
    }

    private mutating func storage() -> String? {
        guard let text = flags["storage"] else { return nil }
        if text.wholeMatch(of: #/[1-9][0-9]{0,5}(Mi|Gi|Ti)/#) == nil {
            problems.append("--storage must be a size such as 10Gi, not \(text).")
        }
        return text
    }
}
