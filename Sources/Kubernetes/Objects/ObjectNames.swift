import Deploys
import JSON

/// Whether a release's names can be names in Kubernetes, and names made of several parts.
enum ObjectNames {
    /// RFC 1123, section 2.1, by way of RFC 1035: a label has at most 63 octets. Namespaces, Services and
    /// the values of labels share that limit.
    static let maxLabelBytes = 63
    /// RFC 1035, section 2.3.4.
    static let maxHostBytes = 253

    static func check(_ release: Release) throws(RenderError) {
        try checkLabel(release.namespace, what: "The namespace")
        try checkLabel(release.appSlug, what: "The app's name")
        try checkLabel(ObjectScope(release: release).instance, what: "The app's name with its environment")
        var services: Set<String> = []
        for addOn in release.addOns {
            try checkServiceName(addOn.name, what: "The add-on's name")
            services.insert(addOn.name)
        }
        for appling in release.applings {
            try checkServiceName(appling.name, what: "The Deployment's name")
            var names: Set = [appling.name]
            if let alias = appling.settings.name {
                try checkServiceName(alias, what: "The appling's name")
                names.insert(alias)
            }
            if let twice = names.intersection(services).min() {
                let other =
                    release.addOns.contains { $0.name == twice } ? "an appling and an add-on" : "two applings"
                throw RenderError(
                    "In \(release.appSlug), \(other) would share the Service name “\(twice)”; "
                        + "rename \(other == "two applings" ? "one of them" : "the appling").")
            }
            services.formUnion(names)
            for host in appling.hosts { try checkHost(host) }
        }
    }

    /// Objects of one kind are told apart by nothing but their names.
    static func checkDistinct(_ objects: [JSON]) throws(RenderError) {
        var seen: Set<String> = []
        for object in objects {
            let kind = object["kind"]?.string ?? ""
            let name = object.at("metadata", "name")?.string ?? ""
            guard seen.insert("\(kind)/\(name)").inserted else {
                throw RenderError(
                    "Two objects of kind \(kind) would have the name “\(name)”; rename one of the applings or "
                        + "jobs that it is made of.")
            }
        }
    }

    /// The name itself if it is short enough, or else its beginning with a digest that tells it from others.
    static func shortened(_ name: String, maxBytes: Int) -> String {
        guard name.utf8.count > maxBytes else { return name }
        let digest = JSON.string(name).digest
        var start = name.prefix(maxBytes - digest.utf8.count - 1)
        while start.last == "-" { start.removeLast() }
        return "\(start)-\(digest)"
    }

    /// RFC 1035, section 2.3.1: Kubernetes wants a letter at the beginning of a Service's name.
    private static func checkServiceName(_ name: String, what: String) throws(RenderError) {
        try checkLabel(name, what: what)
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else {
            throw RenderError(
                "\(what) “\(name)” cannot be the name of a Service: it has to begin with a letter.")
        }
    }

    private static func checkLabel(_ name: String, what: String) throws(RenderError) {
        guard name.utf8.count <= maxLabelBytes else {
            throw RenderError(
                "\(what) “\(name)” has \(name.utf8.count) characters, and Kubernetes allows "
                    + "\(maxLabelBytes); a shorter name for the app or the appling helps.")
        }
        guard isLabel(name) else {
            throw RenderError(
                "\(what) “\(name)” cannot be used in Kubernetes: only lower-case letters, digits and “-” are "
                    + "allowed, and the first and last character must be a letter or digit.")
        }
    }

    private static func checkHost(_ host: String) throws(RenderError) {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= maxHostBytes, labels.count > 1,
            labels.allSatisfy({ $0.utf8.count <= maxLabelBytes && isLabel($0) })
        else {
            throw RenderError(
                "“\(host)” cannot be the name of a host: each part between dots has 1 to \(maxLabelBytes) "
                    + "lower-case letters, digits or “-”, and the whole at most \(maxHostBytes) characters.")
        }
    }

    private static func isLabel(_ text: some StringProtocol) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (0x30...0x39).contains(byte)
        }
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
