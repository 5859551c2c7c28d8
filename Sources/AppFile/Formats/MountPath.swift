/// Folders of a container in which a Secret's files may appear.
enum MountPath {
    /// What the kernel and the container engine keep there cannot be covered.
    static let kernels = ["proc", "sys", "dev"]
    /// Below these, the platform and Kubernetes put files of their own.
    static let platforms = ["/var/run/iterapp", "/var/run/secrets"]

    static func verdict(on text: String) -> Format.Verdict {
        guard text.hasPrefix("/") else { return .wrong("it begins with `/`") }
        let parts = text.split(separator: "/")
        guard !parts.contains("."), !parts.contains("..") else {
            return .wrong("it cannot contain `.` or `..` as a part")
        }
        // Kubernetes API reference, VolumeMount: must not contain `:`.
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ":") }) else {
            return .wrong("it cannot contain `:` or control characters")
        }
        guard let first = parts.first else { return .wrong("it cannot be the whole file system") }
        if kernels.contains(String(first)) { return .wrong("`/\(first)` belongs to the operating system") }
        let path = normalised(text)
        for platform in platforms where contains(platform, path) || contains(path, platform) {
            return .wrong("`\(platform)` belongs to the platform")
        }
        return .right
    }

    /// Without a slash at the end, and without doubled ones.
    static func normalised(_ text: String) -> String {
        "/" + text.split(separator: "/").joined(separator: "/")
    }

    /// Whether a normalised path is another one, or lies below it.
    static func contains(_ folder: String, _ path: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }
}
