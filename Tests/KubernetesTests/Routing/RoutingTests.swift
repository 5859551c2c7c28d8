import AppFile
import Deploys
import JSON
import XCTest

@testable import Kubernetes

/// Limits of the objects, and what the profiles do with settings that few apps have.
final class RoutingTests: XCTestCase {
    private func objects(
        _ settings: Appling = Appling(), hosts: [String], routing: RenderOptions.Routing = .gateway(GatewayProfile())
    ) throws -> [JSON] {
        var options = RenderOptions()
        options.routing = routing
        let release = try TestReleases.release(
            [TestReleases.appling(settings, hosts: hosts)], environment: .prod)
        return try KubernetesObjects.render(release, options).objects
    }

    private func find(_ kind: String, in objects: [JSON]) -> [JSON] {
        objects.filter { $0["kind"]?.string == kind }
    }

    private func names(_ objects: [JSON]) -> [String] { objects.compactMap { $0.at("metadata", "name")?.string } }

    private func texts(_ json: JSON?) -> [String] { (json?.array ?? []).compactMap(\.string) }

    func testAnApplingWithoutHostsHasNoRouting() throws {
        XCTAssertEqual(try objects(hosts: []).filter({ ApplyStage(of: $0) == .access }), [])
    }

    func testManyHostsAreSpreadOverListenerSetsAndRoutes() throws {
        var settings = Appling()
        settings.domains = (1...70).map { "h\($0).cats.cool" }
        let hosts = settings.domains + ["cats.app.iterate.no"]
        let objects = try objects(settings, hosts: hosts)
        let sets = find("ListenerSet", in: objects)
        XCTAssertEqual(names(sets), ["cats", "cats-2"])
        let listening = sets.map { set in
            (set.at("spec", "listeners")?.array ?? []).compactMap { $0["hostname"]?.string }
        }
        XCTAssertEqual(listening.map(\.count), [64, 7])
        XCTAssertEqual(listening.flatMap { $0 }, hosts)
        let routes = find("HTTPRoute", in: objects).filter { $0.at("spec", "rules")?[0]?["backendRefs"] != nil }
        XCTAssertEqual(names(routes), ["cats", "cats-2", "cats-3", "cats-4", "cats-5"])
        XCTAssertEqual(routes.map { $0.at("spec", "hostnames")?.array?.count }, [16, 16, 16, 16, 7])
        for route in routes {
            let parents = (route.at("spec", "parentRefs")?.array ?? []).compactMap { $0["name"]?.string }
            let reachable = zip(names(sets), listening).filter { parents.contains($0.0) }.flatMap(\.1)
            XCTAssertTrue(Set(texts(route.at("spec", "hostnames"))).isSubset(of: reachable))
        }
        let plain = find("HTTPRoute", in: objects).filter { $0.at("spec", "rules")?[0]?["filters"] != nil }
        XCTAssertEqual(plain.flatMap { texts($0.at("spec", "hostnames")) }, hosts)
    }

    func testACertificateHasAtMostAHundredNamesAndKeepsRedirectsWithTheirTargets() throws {
        var settings = Appling()
        settings.fromToWWWRedirect = true
        settings.domains = ["a.no", "www.a.no"] + (1...75).map { "h\($0).cats.cool" }
        let hosts = settings.domains + ["cats.app.iterate.no"]
        let objects = try objects(settings, hosts: hosts, routing: .ingress(IngressProfile()))
        let certificates = find("Certificate", in: objects)
        XCTAssertEqual(names(certificates), ["cats-domains", "cats-domains-2", "cats"])
        let covered = certificates.map { texts($0.at("spec", "dnsNames")) }
        XCTAssertEqual(covered.map(\.count), [100, 52, 1])
        XCTAssertEqual(Set(covered.flatMap { $0 }), Set(hosts + hosts[2..<77].map { "www.\($0)" }))
        for names in covered {
            for name in names where name.hasPrefix("www.h") { XCTAssertTrue(names.contains(String(name.dropFirst(4)))) }
        }
        let tls = find("Ingress", in: objects).flatMap { $0.at("spec", "tls")?.array ?? [] }
        XCTAssertEqual(tls.map { texts($0["hosts"]) }, covered)
        XCTAssertEqual(
            tls.compactMap { $0["secretName"]?.string },
            certificates.compactMap { $0.at("spec", "secretName")?.string })
    }

    func testThePlatformsNameIsItsOwnCertificateAndNotProvenByDNS() throws {
        var settings = Appling()
        settings.usesDNS01 = true
        settings.domains = ["cats.cool"]
        let certificates = find("Certificate", in: try objects(settings, hosts: ["cats.cool", "cats.app.iterate.no"]))
        let solvers = certificates.map { $0.at("metadata", "labels")?["iterapp.no/acme-solver"]?.string }
        XCTAssertEqual(certificates.map { texts($0.at("spec", "dnsNames")) }, [["cats.cool"], ["cats.app.iterate.no"]])
        XCTAssertEqual(solvers, ["dns01", nil])
    }

    func testAFileMayTakeThePlatformsNameAmongItsDomains() throws {
        var settings = Appling()
        settings.domains = ["cats.app.iterate.no", "cats.cool"]
        let objects = try objects(settings, hosts: settings.domains)
        XCTAssertEqual(
            find("Certificate", in: objects).map { texts($0.at("spec", "dnsNames")) }, [settings.domains])
    }

    func testGatewaysWarnOnlyOfWhatIsSet() throws {
        let release = try TestReleases.release([TestReleases.appling()])
        XCTAssertEqual(try KubernetesObjects.render(release).warnings, [])
        var options = RenderOptions()
        options.routing = .gateway(GatewayProfile(listeners: .gateway))
        XCTAssertEqual(try KubernetesObjects.render(release, options).warnings, [])
        var settings = Appling()
        settings.maxBodyBytes = 0
        let limited = try TestReleases.release([TestReleases.appling(settings)])
        let warnings = try KubernetesObjects.render(limited, options).warnings
        XCTAssertEqual(warnings.count, 1)
        XCTAssertTrue(warnings.allSatisfy { $0.hasPrefix("`proxy_max_body_size` in [ingress] of cats") })
    }

    func testSizesInNginxsNotation() {
        XCTAssertEqual(
            [0, 1, 1500, 1024, 8 << 20, 3 << 30, (8 << 20) + 1].map(NginxRouting.size),
            ["0", "1", "1500", "1k", "8m", "3g", "8388609"])
    }

    func testTraefikLimitsOnlyWhatHasALimit() throws {
        func kinds(_ maxBodyBytes: Int?) throws -> [String] {
            var settings = Appling()
            settings.maxBodyBytes = maxBodyBytes
            let routing = RenderOptions.Routing.ingress(IngressProfile(controller: .traefik))
            return names(find("Middleware", in: try objects(settings, hosts: ["cats.cool"], routing: routing)))
        }
        XCTAssertEqual(try kinds(nil), ["cats-to-https"])
        XCTAssertEqual(try kinds(0), ["cats-to-https"])
        XCTAssertEqual(try kinds(5), ["cats-body-limit", "cats-to-https"])
    }
}
