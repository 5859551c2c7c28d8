import Foundation

enum HostName {
    private static let maxBytes = 256

    /// This machine's name, in a pod the pod's (gethostname(2)); no name server is asked.
    static var own: String {
        var name = [CChar](repeating: 0, count: maxBytes + 1)
        guard gethostname(&name, maxBytes) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
