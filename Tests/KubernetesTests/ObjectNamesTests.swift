import AppFile
import Deploys
import XCTest

@testable import Kubernetes

final class ObjectNamesTests: XCTestCase {
    private func sentence(_ release: Release) -> String? {
        do throws(RenderError) {
            _ = try KubernetesObjects.render(release)
            return nil
        } catch {
            return error.sentence
        }
    }

    func testLongestNameFits() throws {
        let name = String(repeating: "a", count: 63)
        XCTAssertNil(sentence(try TestReleases.release([TestReleases.appling(name: name)], namespace: name)))
    }

    func testLongerNamesAreRefusedWithTheirLength() throws {
        let name = String(repeating: "a", count: 64)
        let release = try TestReleases.release([TestReleases.appling(name: name)])
        let text = try XCTUnwrap(sentence(release))
        XCTAssertTrue(text.contains(name) && text.contains("64") && text.contains("63"), text)
        XCTAssertNotNil(sentence(try TestReleases.release([TestReleases.appling()], namespace: name)))
    }

    func testNamesThatAreNoLabelsAreRefused() throws {
        for name in ["", "-cats", "cats-", "Cats", "ca_ts", "ca.ts", "ca/ts", "..", "cäts"] {
            XCTAssertNotNil(sentence(try TestReleases.release([TestReleases.appling(name: name)])), name)
        }
    }

    func testHosts() throws {
        for host in [
            "cats", "cats..cool", "CATS.cool", "-.cool", "cats.cool/x",
            String(repeating: "a.", count: 127) + "a",
        ] {
            XCTAssertNotNil(sentence(try TestReleases.release([TestReleases.appling(hosts: [host])])), host)
        }
        XCTAssertNil(sentence(try TestReleases.release([TestReleases.appling(hosts: ["1.cats.xn--p1ai"])])))
    }

    func testApplingsThatWouldShareAServiceAreRefused() throws {
        let first = TestReleases.appling(Appling(name: "x"), name: "web-x")
        let second = TestReleases.appling(Appling(name: "web-x"), name: "web-web-x")
        let text = try XCTUnwrap(sentence(try TestReleases.release([first, second])))
        XCTAssertTrue(text.contains("“web-x”"), text)
    }
}
