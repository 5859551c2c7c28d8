import DNS
import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Where hosts lead, against a real name server.
final class DomainCheckTests: XCTestCase {
    private static let address = "35.195.169.101"
    private static let hosts = [
        "\(address) cats.cool lb.example.net right.cats.cool mixed.cats.cool six.cats.cool", "1.2.3.4 old.cool mixed.cats.cool",
        "2001:db8::1 six.cats.cool", "2001:db8::9 sixonly.cool",
    ]
    private static let options = [
        "local=/cool/", "local=/net/", "cname=www.cats.cool,cats.cool", "cname=shop.cats.cool,lb.example.net",
        "cname=moved.cool,old.cool", "cname=dangling.cool,gone.example.net",
        "cname=_acme-challenge.cats.cool,acme-auth.iterate.net", "cname=_acme-challenge.dogs.cool,elsewhere.net",
        "host-record=acme-auth.iterate.net,10.0.0.1", "host-record=elsewhere.net,10.0.0.2",
    ]

    private func withCheck(
        _ ingress: String = address, delegation: String? = nil, _ body: (DomainCheck) async throws -> Void
    ) async throws {
        if let obstacle = NameServer.obstacle { throw XCTSkip(obstacle) }
        try await withTemporaryDirectory { directory in
            let server = try await NameServer.start(hosts: Self.hosts, options: Self.options, in: directory)
            let resolver = DNSResolver(server: .init(address: NameServer.address, port: server.port))
            let ingress = try XCTUnwrap(IngressAddress(parsing: ingress))
            try await body(DomainCheck(ingress: ingress, delegation: delegation, resolver: resolver))
            await server.stop()
        }
    }

    private func sentence(_ host: String, _ check: DomainCheck) async -> String? {
        check.words.sentence(host, await check.place(of: host))
    }

    private func expect(
        _ host: String, _ check: DomainCheck, _ expected: String?, line: UInt = #line
    ) async {
        let sentence = await sentence(host, check)
        XCTAssertEqual(sentence, expected, line: line)
    }

    func testHostsThatLeadHere() async throws {
        try await withCheck { check in
            for host in ["cats.cool", "www.cats.cool", "shop.cats.cool", "right.cats.cool"] {
                await expect(host, check, nil)
            }
        }
        try await withCheck("lb.example.net") { check in
            for host in ["cats.cool", "shop.cats.cool", "lb.example.net"] { await expect(host, check, nil) }
        }
        try await withCheck("\(Self.address), 2001:DB8:0::1") { await expect("six.cats.cool", $0, nil) }
    }

    func testTheRecordToCreateIsNamedToTheLetter() async throws {
        try await withCheck { check in
            let start = "Waiting for"
            await expect(
                "dogs.cool", check, "\(start) dogs.cool to point to 35.195.169.101. Create an A record for dogs.cool with "
                    + "35.195.169.101 (it has none now).")
            await expect(
                "old.cool", check, "\(start) old.cool to point to 35.195.169.101. Create an A record for old.cool with "
                    + "35.195.169.101 (it has 1.2.3.4 now).")
            await expect(
                "moved.cool", check, "\(start) moved.cool to point to 35.195.169.101. Create an A record for moved.cool "
                    + "with 35.195.169.101 (it leads to old.cool with 1.2.3.4 now).")
            await expect(
                "dangling.cool", check, "\(start) dangling.cool to point to 35.195.169.101. Create an A record for "
                    + "dangling.cool with 35.195.169.101 (it leads to gone.example.net now, which has no address).")
        }
        try await withCheck("2001:db8::7") { check in
            await expect(
                "sixonly.cool", check, "Waiting for sixonly.cool to point to 2001:db8::7. Create an AAAA record for "
                    + "sixonly.cool with 2001:db8::7 (it has 2001:db8::9 now).")
        }
    }

    func testRecordsThatLeadElsewhereBesidesTheRightOne() async throws {
        try await withCheck { check in
            await expect(
                "six.cats.cool", check, "Waiting for six.cats.cool to point to 35.195.169.101 alone. Remove its AAAA record "
                    + "2001:db8::1, which leads elsewhere.")
            await expect(
                "mixed.cats.cool", check, "Waiting for mixed.cats.cool to point to 35.195.169.101 alone. Remove its A record "
                    + "1.2.3.4, which leads elsewhere.")
        }
    }

    func testAPlatformWithANameWantsCNAMEsWhereTheyCanBe() async throws {
        try await withCheck("lb.example.net") { check in
            await expect(
                "old.cool", check, "Waiting for old.cool to point to lb.example.net. Create a CNAME record for old.cool with "
                    + "lb.example.net (it has 1.2.3.4 now).")
        }
        let top = HostRecords(ipv4: ["1.2.3.4"], strays: ["1.2.3.4"], isTopOfZone: true)
        let words = DomainWords(ingress: try XCTUnwrap(IngressAddress(parsing: "lb.example.net")), delegation: nil)
        XCTAssertEqual(
            words.sentence("cats.cool", .elsewhere(top)), "Waiting for cats.cool to point to lb.example.net. Create an "
                + "ALIAS record (ANAME, or a flattened CNAME; the top of a domain takes no other) for cats.cool with "
                + "lb.example.net (it has 1.2.3.4 now).")
    }

    func testDelegationOfTheProof() async throws {
        try await withCheck(delegation: "Acme-Auth.iterate.net") { check in
            let made = await check.delegation(of: "cats.cool")
            XCTAssertEqual(made, .made)
            let elsewhere = await check.delegation(of: "dogs.cool")
            XCTAssertEqual(
                check.words.sentence("dogs.cool", elsewhere), "Waiting for _acme-challenge.dogs.cool to lead to "
                    + "acme-auth.iterate.net. Create a CNAME record for _acme-challenge.dogs.cool with "
                    + "acme-auth.iterate.net (it leads to elsewhere.net now).")
            let none = await check.delegation(of: "www.cats.cool")
            XCTAssertEqual(none, .missing(present: nil))
        }
        try await withCheck { check in
            let any = await check.delegation(of: "dogs.cool")
            XCTAssertEqual(any, .made)
            let none = await check.delegation(of: "www.cats.cool")
            XCTAssertEqual(
                check.words.sentence("www.cats.cool", none), "Waiting for _acme-challenge.www.cats.cool to lead to the "
                    + "platform. Create a CNAME record for _acme-challenge.www.cats.cool with the name that the "
                    + "platform's operator gives you (it has none now).")
        }
    }

    func testAResolverThatIsDownSaysNothingAboutTheHost() async throws {
        let server = try DeafNameServer(responseCode: 2)
        let resolver = DNSResolver(server: .init(address: NameServer.address, port: server.port))
        let ingress = try XCTUnwrap(IngressAddress(parsing: Self.address))
        let check = DomainCheck(ingress: ingress, resolver: resolver)
        await expect(
            "cats.cool", check, "It is not known yet where cats.cool points to: the name servers answer with an error "
                + "(SERVFAIL).")
        let delegation = await check.delegation(of: "cats.cool")
        XCTAssertEqual(delegation, .unknown(.failed(responseCode: 2)))
        let isAllowed = await check.allows("cats.cool", dns01: false)
        XCTAssertFalse(isAllowed)
        server.stop()
    }

    func testAnswersAreRememberedForSeconds() async throws {
        let questions = Mutex(0)
        let time = TestTiming()
        let check = DomainCheck(
            ingress: try XCTUnwrap(IngressAddress(parsing: Self.address)), now: time.timing.now
        ) { kind, name in
            questions.withLock { $0 += 1 }
            let records = kind == .a ? [DNSRecord(name: name, kind: .a, value: Self.address)] : []
            return .success(DNSAnswer(records: records, exists: true))
        }
        for _ in 0..<10 { await expect("cats.cool", check, nil) }
        XCTAssertEqual(questions.withLock { $0 }, 2, "A and AAAA, once")
        time.advance(.seconds(5))
        await expect("cats.cool", check, nil)
        XCTAssertEqual(questions.withLock { $0 }, 4)
    }

    func testAddressesOfThePlatform() {
        XCTAssertEqual(IngressAddress(parsing: "2001:DB8::1, 10.0.0.1")?.addresses, ["10.0.0.1", "2001:db8::1"])
        XCTAssertEqual(IngressAddress(parsing: "LB.example.net.")?.names, ["lb.example.net"])
        for wrong in ["", ",", "35.195.169", "35.195.169.1011", "lb", "https://lb.example.net", "a b.net", "10.0.0.1:80"] {
            XCTAssertNil(IngressAddress(parsing: wrong), wrong)
        }
    }
}
