import AppFile
import XCTest

@testable import Deploys

/// Hosts that only lead to another one, and whose they are.
final class RedirectTests: XCTestCase {
    private let naming = Naming(
        defaultOrganisation: "iterate",
        domains: .init(prod: "{app}.app.iterate.no", test: "{app}.test.iterate.no", snap: "{env}.{app}.app.iterate.no"),
        externalDomains: .init(
            prod: "{app}.app.iterapp.no", test: "{app}.test.iterapp.no", snap: "{env}.{app}.app.iterapp.no"))

    private func appling(_ domains: [String], called name: String? = nil, redirects: Bool = true) -> Appling {
        var appling = Appling(name: name, folder: name ?? "")
        appling.domains = domains
        appling.fromToWWWRedirect = redirects
        return appling
    }

    private func plan(_ applings: Appling...) throws -> Release {
        let images = Dictionary(uniqueKeysWithValues: applings.map { ($0.name ?? "", ImageReference("image")) })
        return try ReleasePlan(
            operation: OperationID(1), app: AppID(organisation: "iterate", name: "cats"), environment: .prod,
            file: AppFile(applings: applings),
            commit: try XCTUnwrap(CommitID(String(repeating: "c0ffee12", count: 5))), buildNumber: 1, images: images
        ).release(naming)
    }

    func testRedirectsLeadToTheNameThatIsListed() throws {
        let appling = try plan(appling(["cats.cool", "www.dogs.cool"])).applings[0]
        XCTAssertEqual(appling.redirects(in: .prod), [
            Redirect(from: "www.cats.cool", to: "cats.cool"), Redirect(from: "dogs.cool", to: "www.dogs.cool"),
        ])
        XCTAssertEqual(appling.redirects(in: .test), [], "it has no domains there")
    }

    func testANameThatLeadsToTheApplingAlreadyOrCannotBeAHostIsNoRedirect() throws {
        let long = String(repeating: "a.", count: 124) + "cool"
        let both = try plan(appling(["cats.cool", "www.cats.cool", "www.no", long])).applings[0]
        XCTAssertEqual(both.redirects(in: .prod), [])
        let none = try plan(appling(["cats.cool"], redirects: false)).applings[0]
        XCTAssertEqual(none.redirects(in: .prod), [])
        var hidden = appling(["cats.cool"])
        hidden.ingressDisabled = true
        XCTAssertEqual(try plan(hidden).applings[0].redirects(in: .prod), [])
    }

    func testARedirectTakesNoOthersHost() throws {
        let names = ["www.frontend.cats.app.iterate.no"]
        XCTAssertThrowsError(try plan(appling(names, called: "api"), appling([], called: "frontend"))) { error in
            XCTAssertEqual(
                (error as? Failure)?.sentence,
                "`frontend.cats.app.iterate.no` is asked for by `cats-api` and by `cats-frontend`.")
        }
    }

    func testARedirectTakesNoOtherAppsHost() throws {
        let release = try plan(appling(["app.iterate.no"]))
        let other = AppID(organisation: "iterate", name: "www")
        XCTAssertThrowsError(try release.refuseHosts(of: [other], naming)) { error in
            XCTAssertEqual(
                (error as? Failure)?.sentence, "`www.app.iterate.no` belongs to the app `www`.")
        }
        XCTAssertNoThrow(try plan(appling(["app.iterate.no"], redirects: false)).refuseHosts(of: [other], naming))
    }
}
