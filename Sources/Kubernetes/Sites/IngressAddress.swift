import Foundation

/// Where domains must point to: what the operator's load balancer is reached at.
package struct IngressAddress: Hashable, Sendable {
    /// IPv4 first, otherwise in the operator's order; in their usual form.
    package let addresses: [String]
    /// Lower case, without a dot at their end. A name's addresses may change at any time.
    package let names: [String]

    static let maxParts = 16

    /// - Parameter text: an address (IPv4 or IPv6) or a name, or several, separated by commas.
    package init?(parsing text: String) {
        let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !parts.isEmpty, parts.count <= Self.maxParts else { return nil }
        var old: [String] = []
        var new: [String] = []
        var names: [String] = []
        for part in parts {
            if let address = Self.address(part, AF_INET) {
                old.append(address)
            } else if let address = Self.address(part, AF_INET6) {
                new.append(address)
            } else if let name = Self.name(part) {
                names.append(name)
            } else {
                return nil
            }
        }
        addresses = old + new
        self.names = names
    }

    /// What people read: the first name, else the first address.
    var text: String { names.first ?? addresses.first ?? "" }

    static func isIPv6(_ address: String) -> Bool { address.contains(":") }

    private static func address(_ text: String, _ family: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(family, text, &bytes) == 1 else { return nil }
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &characters, socklen_t(characters.count)) != nil else { return nil }
        return String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func name(_ text: String) -> String? {
        let name = (text.hasSuffix(".") ? String(text.dropLast()) : text).lowercased()
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.count > 1 && name.utf8.count <= maxNameBytes && labels.allSatisfy(isLabel)
        // A name whose last label is a number is an address that is misspelt.
        return isName && labels.last?.utf8.allSatisfy(isDigit) == false ? name : nil
    }

    /// RFC 1035, section 2.3.4.
    private static let maxNameBytes = 253
    private static let maxLabelBytes = 63

    private static func isLabel(_ label: Substring) -> Bool {
        (1...maxLabelBytes).contains(label.utf8.count)
            && label.utf8.allSatisfy { (0x61...0x7A).contains($0) || isDigit($0) || $0 == 0x2D || $0 == 0x5F }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte)
    }
}
