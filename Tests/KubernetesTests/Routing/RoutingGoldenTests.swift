import AppFile
import Deploys
import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// One appling with everything that can be asked of routing, in each profile, byte for byte.
/// `REWRITE_GOLDENS=1 swift test --filter RoutingGoldenTests` writes the files anew.
final class RoutingGoldenTests: XCTestCase {
    static func release() throws -> Release {
        var settings = Appling()
        settings.domains = ["cats.cool", "www.dogs.cool"]
        settings.fromToWWWRedirect = true
        settings.usesDNS01 = true
        settings.maxBodyBytes = 8 << 20
        settings.accessLogDisabled = true
        let appling = TestReleases.appling(
            settings, hosts: ["cats.cool", "www.dogs.cool", "cats.app.iterate.no"])
        return try TestReleases.release([appling], environment: .prod)
    }

    private func check(_ routing: RenderOptions.Routing, golden: String, line: UInt = #line) throws -> [String] {
        var options = RenderOptions()
        options.routing = routing
        let rendering = try KubernetesObjects.render(Self.release(), options)
        try Golden.check(rendering.objects, "routing-\(golden).json", line: line)
        return rendering.warnings
    }

    func testBehindListenerSets() throws {
        let warnings = try check(.gateway(GatewayProfile(name: "public", namespace: "infra")), golden: "listenerset")
        XCTAssertEqual(warnings, [
            "`proxy_max_body_size` in [ingress] of cats has no effect: this cluster routes by the Gateway API "
                + "(ITERAPP_ROUTING=gateway), which has no field for it. How large a body may be is up to the Gateway "
                + "infra/public.",
            "`disable_access_log` in [ingress] of cats has no effect: this cluster routes by the Gateway API "
                + "(ITERAPP_ROUTING=gateway), which has no field for it. Whether requests are logged is up to the "
                + "Gateway infra/public.",
        ])
    }

    func testBehindTheGatewaysOwnListeners() throws {
        let warnings = try check(
            .gateway(GatewayProfile(name: "public", namespace: "infra", listeners: .gateway)), golden: "gateway")
        XCTAssertEqual(warnings.count, 3)
        XCTAssertEqual(
            warnings.last,
            "The Gateway infra/public serves HTTPS with the certificates that its operator gave it "
                + "(ITERAPP_GATEWAY_LISTENERS=gateway); for the domains of cats it has to refer to "
                + "apps-cats-prod/cats-domains-tls.")
    }

    func testBehindNginx() throws {
        XCTAssertEqual(try check(.ingress(IngressProfile(className: "edge")), golden: "nginx"), [])
    }

    func testBehindTraefik() throws {
        XCTAssertEqual(try check(.ingress(IngressProfile(controller: .traefik)), golden: "traefik"), [])
    }
}
