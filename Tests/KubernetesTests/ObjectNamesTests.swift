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

    func testAddOnsAndApplingsShareNoService() throws {
        let addOns = [AddOn(.redis, name: "cats-redis")]
        for appling in [
            TestReleases.appling(Appling(name: "redis"), name: "cats-redis"),
            TestReleases.appling(Appling(name: "cats-redis"), name: "cats-cats-redis"),
        ] {
            let text = try XCTUnwrap(sentence(try TestReleases.release([appling], addOns: addOns)))
            XCTAssertTrue(text.contains("“cats-redis”") && text.contains("add-on"), text)
        }
        let other = TestReleases.appling(Appling(name: "cache"), name: "cats-cache")
        XCTAssertNil(sentence(try TestReleases.release([other], addOns: addOns)))
    }

    func testServicesBeginWithALetter() throws {
        let text = try XCTUnwrap(sentence(try TestReleases.release([TestReleases.appling(name: "9cats")])))
        XCTAssertTrue(text.contains("9cats") && text.contains("letter"), text)
        let addOn = AddOn(.redis, name: "9cats-redis")
        XCTAssertNotNil(sentence(try TestReleases.release([TestReleases.appling()], addOns: [addOn])))
    }

    func testLabelsFit() throws {
        let slug = String(repeating: "a", count: 59)
        XCTAssertNil(sentence(try TestReleases.release([TestReleases.appling()], slug: "a", namespace: "ns")))
        let text = try XCTUnwrap(
            sentence(try TestReleases.release([TestReleases.appling()], slug: slug, namespace: "ns")))
        XCTAssertTrue(text.contains("\(slug)-test") && text.contains("64"), text)
    }

    func testLongNamesOfJobsAreShortenedAndStayDistinct() throws {
        var settings = Appling()
        settings.releaseCommand = "true"
        let start = String(repeating: "j", count: 51)
        settings.cronJobs = ["a", "b"].map { CronJob(name: start + $0, schedule: "0 0 * * *", path: "/") }
        let name = String(repeating: "a", count: 63)
        let objects = try KubernetesObjects.render(
            TestReleases.release([TestReleases.appling(settings, name: name)])).objects
        let names = objects.filter { $0["kind"]?.string == "CronJob" }.compactMap { $0.at("metadata", "name")?.string }
        XCTAssertEqual(Set(names).count, 2)
        XCTAssertTrue(names.allSatisfy { $0.utf8.count <= 52 }, "\(names)")
        let job = try XCTUnwrap(objects.stage(.releaseJobs).first?.at("metadata", "name")?.string)
        XCTAssertEqual(job.utf8.count, 63)
    }

    func testShorteningKeepsShortNamesAndNeverEndsAPartWithADash() {
        XCTAssertEqual(ObjectNames.shortened("cats-nightly", maxBytes: 12), "cats-nightly")
        let short = ObjectNames.shortened("cats-a-nightly-job-of-ours", maxBytes: 18)
        XCTAssertTrue(short.hasPrefix("cats-a-") && !short.contains("--") && short.utf8.count <= 18, short)
    }

    func testJobsOfTwoApplingsThatWouldShareANameAreRefused() throws {
        var one = Appling(name: "a")
        one.cronJobs = [CronJob(name: "b-c", schedule: "0 0 * * *", path: "/")]
        var other = Appling(name: "a-b")
        other.cronJobs = [CronJob(name: "c", schedule: "0 0 * * *", path: "/")]
        let text = try XCTUnwrap(
            sentence(
                try TestReleases.release([
                    TestReleases.appling(one, name: "cats-a"), TestReleases.appling(other, name: "cats-a-b"),
                ])))
        XCTAssertTrue(text.contains("CronJob") && text.contains("“cats-a-b-c”"), text)
    }
}
