import Crypto
import JSON

/// What a Service does for those who call it: its ports, and the pods behind each.
struct ServiceForwarding: Sendable, Hashable {
    let namespace: String
    let selector: [String: String]
    let ports: [Port]

    struct Port: Sendable, Hashable {
        let name: String
        let number: Int
    }

    /// Nil for a Service that leads nowhere in the cluster, or has no address of its own.
    init?(_ service: JSON) {
        guard !Self.isHeadless(service), service.at("spec", "type") != "ExternalName",
            let selector = service.at("spec", "selector")?.object, !selector.isEmpty
        else { return nil }
        namespace = service.namespace
        self.selector = selector.compactMapValues(\.string)
        ports = (service.at("spec", "ports")?.array ?? []).compactMap { port in
            guard port["protocol"]?.string ?? "TCP" == "TCP", let number = port["port"]?.int else {
                return nil
            }
            return Port(name: port["name"]?.string ?? "", number: number)
        }
    }

    static func isHeadless(_ service: JSON) -> Bool { service.at("spec", "clusterIP") == "None" }

    /// The same for the same forwarding, and for no other.
    var id: String {
        let identity: JSON = [
            .string(namespace), .object(selector.mapValues(JSON.string)),
            .array(ports.map { [.string($0.name), .int($0.number)] }),
        ]
        return String(hex(sha256(identity.bytes)).prefix(12))
    }

    func selects(_ pod: JSON) -> Bool { LabelSelector(labels: selector).matches(pod.labels) }

    /// Lines of `address port`, one for each ready pod, by the Service's port.
    /// - Parameter slices: those of the Service.
    func targets(_ slices: [JSON]) -> [Int: String] {
        var lines: [Int: [String]] = [:]
        for slice in slices {
            let addresses = Self.readyAddresses(slice)
            for port in ports {
                let target = (slice["ports"]?.array ?? []).first { $0["name"]?.string ?? "" == port.name }
                guard let number = target?["port"]?.int else { continue }
                lines[port.number, default: []] += addresses.map { "\($0) \(number)\n" }
            }
        }
        return Dictionary(ports.map { ($0.number, (lines[$0.number] ?? []).sorted().joined()) }) { $1 }
    }

    static func readyAddresses(_ slice: JSON) -> [String] {
        (slice["endpoints"]?.array ?? []).filter { $0.at("conditions", "ready")?.bool == true }
            .compactMap { $0["addresses"]?[0]?.string }
    }

    /// Takes connections on each port and passes each on to one of the pods in `/service/PORT` at that time.
    var command: [String] {
        let numbers = ports.map { "\($0.number)" }.joined(separator: " ")
        let target = "set -- $(/bin/busybox shuf -n 1 /service/$1) && exec /bin/busybox nc $1 $2"
        return [
            "/bin/busybox", "sh", "-c",
            """
            for port in \(numbers); do
                /bin/busybox nc -ll -p $port -e /bin/busybox sh -c '\(target)' forward $port &
            done
            wait
            """,
        ]
    }
}
