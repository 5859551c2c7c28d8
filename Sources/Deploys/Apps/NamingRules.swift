/// Names must fit DNS labels (RFC 1123) and may not be shared by two apps.
extension Naming {
    static let maxLabelBytes = 63

    /// Why `app` can't be registered beside the others; nil when it can.
    func obstacle(to app: AppID, besides others: [AppID]) -> String? {
        let longest = EnvironmentName.all.map { namespace(app, $0) }.max { $0.utf8.count < $1.utf8.count }
        if let longest, longest.utf8.count > Self.maxLabelBytes {
            return "The name `\(label(app))` is too long: its namespace `\(longest)` would have "
                + "\(longest.utf8.count) characters, and \(Self.maxLabelBytes) are the limit. Rename the repository."
        }
        guard Self.isLabel(Self.slug(app.name)) else {
            return "`\(label(app))` can't become part of a host name: after `_` and `.` are replaced by `-` it "
                + "must begin and end with a letter or a digit. Rename the repository."
        }
        for other in others where other != app {
            if namespace(other, .test) == namespace(app, .test) {
                return "`\(label(app))` would share the namespace `\(namespace(app, .test))` with "
                    + "`\(label(other))`, which is registered. Rename one of the repositories."
            }
            if host(other, appling: nil, .prod) == host(app, appling: nil, .prod) {
                return "`\(label(app))` would share the address `\(host(app, appling: nil, .prod))` with "
                    + "`\(label(other))`, which is registered. Rename one of the repositories."
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
