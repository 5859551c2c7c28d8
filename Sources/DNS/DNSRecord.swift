/// A resource record of the Internet class (RFC 1035, section 3.2.1).
package struct DNSRecord: Hashable, Sendable {
    /// By their numbers on the wire (RFC 1035, section 3.2.2; AAAA: RFC 3596, section 2.1).
    package enum Kind: Int, Sendable {
        case a = 1
        case ns = 2
        case cname = 5
        case soa = 6
        case aaaa = 28
    }

    /// Lower case, without a dot at its end.
    package let name: String
    package let kind: Kind
    /// An address in its usual form, or a name like `name`: of an SOA, the zone's primary server.
    package let value: String

    package init(name: String, kind: Kind, value: String) {
        self.name = name
        self.kind = kind
        self.value = value
    }
}

/// What a name server says about a name.
package struct DNSAnswer: Hashable, Sendable {
    /// In the server's order, with the CNAMEs that led to them.
    package let records: [DNSRecord]
    /// False: there is no such name (NXDOMAIN), or a CNAME leads to one that is not there.
    package let exists: Bool

    package init(records: [DNSRecord], exists: Bool) {
        self.records = records
        self.exists = exists
    }

    /// The values of one kind.
    package func values(_ kind: DNSRecord.Kind) -> [String] { records.filter { $0.kind == kind }.map(\.value) }

    /// Where a name's CNAMEs lead, step by step; empty when it has none (RFC 1034, section 3.6.2).
    package func chain(from name: String) -> [String] {
        var chain: [String] = []
        var current = name.lowercased()
        while let next = records.first(where: { $0.kind == .cname && $0.name == current })?.value,
            !chain.contains(next)
        {
            chain.append(next)
            current = next
        }
        return chain
    }
}

/// Why nothing is known about a name: none of these says that it is not there.
package enum DNSError: Error, Hashable, Sendable {
    case timedOut
    /// No name server is there.
    case unreachable
    /// The server, or those that it asked, could not answer (SERVFAIL, REFUSED, …).
    case failed(responseCode: Int)
    case malformedAnswer
    case invalidName
    /// The machine's resolver cannot be used.
    case unusable
    /// Too many questions wait already.
    case busy

    /// A clause without a full stop.
    package var reason: String {
        switch self {
        case .timedOut: "no name server answered in time"
        case .unreachable: "no name server can be reached"
        case .failed(2): "the name servers answer with an error (SERVFAIL)"
        case .failed(5): "the name servers refuse to answer (REFUSED)"
        case .failed(let code): "the name servers answer with an error (code \(code))"
        case .malformedAnswer: "a name server's answer can't be read"
        case .invalidName: "it is no name that can be asked for"
        case .unusable: "the machine's resolver can't be used; look at /etc/resolv.conf"
        case .busy: "too many questions wait for the name servers"
        }
    }
}
