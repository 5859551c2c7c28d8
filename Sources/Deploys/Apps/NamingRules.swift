/// Names must fit DNS labels (RFC 1123) and may not be shared by two apps.
extension Naming {
    static let maxLabelBytes = 63

    /// Why `app` can't be registered beside the others; nil when it can.
    func obstacle(to app: AppID, besides others: [AppID]) -> String? {
        let longest = EnvironmentName.all.map { namespace(app, $0) }.max { $0.utf8.count < $1.utf8.count }
        if let longest, longest.utf8.count > Self.maxLabelBytes {
            return NamingWords.tooLong(label(app), namespace: longest, limit: Self.maxLabelBytes)
        }
        guard Self.isLabel(Self.slug(app.name)) else {
            return NamingWords.noHostName(label(app))
        }
        for other in others where other != app {
            if namespace(other, .test) == namespace(app, .test) {
                return NamingWords.shared("namespace", namespace(app, .test), label(app), label(other))
            }
            if host(other, appling: nil, .prod) == host(app, appling: nil, .prod) {
                return NamingWords.shared("address", host(app, appling: nil, .prod), label(app), label(other))
            }
        }
        return nil
    }

    static func isLabel(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        let isAlphanumeric: (UInt8) -> Bool = { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        return text.utf8.count <= maxLabelBytes && isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
