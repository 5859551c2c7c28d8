import DNS
import Foundation
import TestSupport
import XCTest

/// Against a real name server.
final class DNSResolverTests: XCTestCase {
    private static let hosts =
        ["35.195.169.101 cats.cool", "2001:db8::1 cats.cool", "35.195.169.101 xn--ktter-6ya.cool"]
        + (1...60).map { "10.0.0.\($0) many.cool" }
    private static let options = [
        "local=/cool/", "cname=www.cats.cool,cats.cool", "cname=shop.cats.cool,www.cats.cool",
        "cname=dangling.cool,gone.cool",
    ]

    private func withServer(_ body: (DNSResolver) async throws -> Void) async throws {
        if let obstacle = NameServer.obstacle { throw XCTSkip(obstacle) }
        try await withTemporaryDirectory { directory in
            let server = try await NameServer.start(hosts: Self.hosts, options: Self.options, in: directory)
            try await body(Self.resolver(server.port))
            await server.stop()
        }
    }

    private static func resolver(_ port: UInt16) -> DNSResolver {
        var limits = DNSResolver.Limits()
        limits.trySeconds = 1
        limits.tries = 1
        return DNSResolver(server: .init(address: NameServer.address, port: port), limits: limits)
    }

    private static func error(_ kind: DNSRecord.Kind = .a, of name: String, _ resolver: DNSResolver) async -> DNSError? {
        do throws(DNSError) {
            _ = try await resolver.ask(kind, of: name)
            return nil
        } catch {
            return error
        }
    }

    func testAddressesOfBothFamilies() async throws {
        try await withServer { resolver in
            let old = try await resolver.ask(.a, of: "cats.cool")
            let record = DNSRecord(name: "cats.cool", kind: .a, value: "35.195.169.101")
            XCTAssertEqual(old, DNSAnswer(records: [record], exists: true))
            let new = try await resolver.ask(.aaaa, of: "CATS.cool.")
            XCTAssertEqual(new.values(.aaaa), ["2001:db8::1"])
            let international = try await resolver.ask(.a, of: "xn--ktter-6ya.cool")
            XCTAssertEqual(international.values(.a), ["35.195.169.101"])
        }
    }

    func testTheWayThroughCNAMEsIsSeen() async throws {
        try await withServer { resolver in
            let answer = try await resolver.ask(.a, of: "shop.cats.cool")
            XCTAssertEqual(answer.chain(from: "Shop.cats.cool"), ["www.cats.cool", "cats.cool"])
            XCTAssertEqual(answer.values(.a), ["35.195.169.101"])
            let alias = try await resolver.ask(.cname, of: "www.cats.cool")
            XCTAssertEqual(alias.values(.cname), ["cats.cool"])
        }
    }

    func testNoSuchNameIsNotNoSuchRecord() async throws {
        try await withServer { resolver in
            let gone = try await resolver.ask(.a, of: "dogs.cool")
            XCTAssertEqual(gone, DNSAnswer(records: [], exists: false))
            let noRecord = try await resolver.ask(.ns, of: "cats.cool")
            XCTAssertEqual(noRecord, DNSAnswer(records: [], exists: true))
        }
    }

    /// 60 addresses do not fit into the 512 bytes that UDP carries (RFC 1035, section 4.2.1).
    func testAnswersTooLongForUDPComeOverTCP() async throws {
        try await withServer { resolver in
            let answer = try await resolver.ask(.a, of: "many.cool")
            XCTAssertEqual(Set(answer.values(.a)).count, 60)
        }
    }

    func testServersThatCannotHelp() async throws {
        // FORMERR, SERVFAIL, NOTIMP and REFUSED.
        for code in [1, 2, 4, 5] {
            let server = try DeafNameServer(responseCode: UInt8(code))
            let error = await Self.error(of: "cats.cool", Self.resolver(server.port))
            XCTAssertEqual(error, .failed(responseCode: code))
            server.stop()
        }
    }

    func testServersThatDoNotAnswer() async throws {
        let silent = try DeafNameServer(responseCode: nil)
        let begin = ContinuousClock.now
        let timedOut = await Self.error(of: "cats.cool", Self.resolver(silent.port))
        XCTAssertEqual(timedOut, .timedOut)
        XCTAssertLessThan(ContinuousClock.now - begin, .seconds(5))
        silent.stop()
        let unreachable = await Self.error(of: "cats.cool", Self.resolver(silent.port))
        XCTAssertEqual(unreachable, .unreachable)
    }

    func testNamesThatCannotBeAskedFor() async throws {
        let resolver = Self.resolver(1)
        for name in ["", "cats..cool", String(repeating: "a", count: 64) + ".cool", "cats\0.cool"] {
            let error = await Self.error(of: name, resolver)
            XCTAssertEqual(error, .invalidName, name)
        }
    }

    func testOnlySoManyQuestionsWait() async throws {
        let silent = try DeafNameServer(responseCode: nil)
        var limits = DNSResolver.Limits()
        limits.trySeconds = 1
        limits.tries = 1
        limits.maxParallelQueries = 1
        limits.maxWaitingQueries = 2
        let resolver = DNSResolver(server: .init(address: NameServer.address, port: silent.port), limits: limits)
        let errors = await withTaskGroup(of: DNSError?.self, returning: [DNSError].self) { group in
            for _ in 0..<6 { group.addTask { await Self.error(of: "cats.cool", resolver) } }
            return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
        }
        XCTAssertEqual(Set(errors), [.timedOut, .busy])
        silent.stop()
    }
}
