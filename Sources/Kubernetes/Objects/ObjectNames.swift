import Deploys

/// Whether a release's names can be names in Kubernetes.
enum ObjectNames {
    /// RFC 1123, section 2.1, by way of RFC 1035: a label has at most 63 octets. Namespaces, Services and
    /// the values of labels share that limit.
    static let maxLabelBytes = 63
    /// RFC 1035, section 2.3.4.
    static let maxHostBytes = 253

    static func check(_ release: Release) throws(RenderError) {
        try checkLabel(release.namespace, what: "The namespace")
        try checkLabel(release.appSlug, what: "The app's name")
        var services: Set<String> = []
        for appling in release.applings {
            try checkLabel(appling.name, what: "The Deployment's name")
            var names: Set = [appling.name]
            if let alias = appling.settings.name {
                try checkLabel(alias, what: "The appling's name")
                names.insert(alias)
            }
            if let twice = names.intersection(services).min() {
                throw RenderError(
                    "Two applings of \(release.appSlug) would share the Service name “\(twice)”; "
                        + "rename one of them.")
            }
            services.formUnion(names)
            for host in appling.hosts { try checkHost(host) }
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
