import JSON

/// One change of one object.
package enum WatchEvent: Sendable, Equatable {
    case added(JSON)
    case modified(JSON)
    case deleted(JSON)
    /// Nothing changed up to this resource version.
    case bookmark(resourceVersion: String)
}

/// Turns the bytes of a watch into events: one JSON object a line
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
struct WatchDecoder {
    /// An object is at most 1.5 MiB in etcd; JSON escapes can make it longer.
    static let maxLineBytes = 16 << 20

    private var line: [UInt8] = []

    /// - Throws: `KubernetesError`, among them `.expired` when an `ERROR` event says so.
    mutating func push(_ bytes: [UInt8]) throws(KubernetesError) -> [WatchEvent] {
        var events: [WatchEvent] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line += rest[..<end]
            rest = rest[(end + 1)...]
            if let event = try Self.event(line) { events.append(event) }
            line.removeAll(keepingCapacity: true)
        }
        line += rest
        guard line.count <= Self.maxLineBytes else {
            throw .malformed("an event of a watch is longer than \(Self.maxLineBytes) bytes")
        }
        return events
    }

    /// Nil for an empty line, and for a type of event that did not exist when this was written.
    private static func event(_ line: [UInt8]) throws(KubernetesError) -> WatchEvent? {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x0D }) else { return nil }
        let json: JSON
        do { json = try JSON.parse(line) } catch {
            throw .malformed("an event of a watch is not JSON (\(error))")
        }
        guard let object = json["object"] else { throw .malformed("an event of a watch has no object") }
        switch json["type"]?.string {
        case "ADDED": return .added(object)
        case "MODIFIED": return .modified(object)
        case "DELETED": return .deleted(object)
        case "BOOKMARK":
            return .bookmark(resourceVersion: object.at("metadata", "resourceVersion")?.string ?? "")
        case "ERROR": throw KubernetesError(status: object["code"]?.int ?? 500, object: object)
        default: return nil
        }
    }
}
