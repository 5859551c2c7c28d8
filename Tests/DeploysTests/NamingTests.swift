import XCTest

@testable import Deploys

final class NamingTests: XCTestCase {
    private let naming = Naming(
        defaultOrganisation: "iterate",
        domains: .init(prod: "{app}.app.iterate.no", test: "{app}.test.iterate.no", snap: "{env}.{app}.app.iterate.no"),
        externalDomains: .init(
            prod: "{app}.app.iterapp.no", test: "{app}.test.iterapp.no", snap: "{env}.{app}.app.iterapp.no"))

    private func app(_ text: String) -> AppID { AppID(parsing: text, defaultOrganisation: "iterate")! }
    private let snap3 = EnvironmentName(parsing: "snap3")!

    func testNamesOfTheDefaultOrganisation() {
        XCTAssertEqual(naming.label(app("cats")), "cats")
        XCTAssertEqual(naming.namespace(app("My_Cats"), .test), "apps-my-cats-test")
        XCTAssertEqual(naming.host(app("cats"), appling: nil, .prod), "cats.app.iterate.no")
        XCTAssertEqual(naming.host(app("cats"), appling: nil, .test), "cats.test.iterate.no")
        XCTAssertEqual(naming.host(app("cats"), appling: "frontend", snap3), "frontend.snap3.cats.app.iterate.no")
        XCTAssertEqual(naming.url(host: "cats.cool"), "https://cats.cool/")
    }

    func testNamesOfOtherOrganisations() {
        XCTAssertEqual(naming.label(app("Acme/cats")), "Acme/cats")
        XCTAssertEqual(naming.label(app("ITERATE/cats")), "cats")
        XCTAssertEqual(naming.namespace(app("Acme/cats"), .prod), "apps-acme-cats-prod")
        XCTAssertEqual(naming.host(app("Acme/cats"), appling: nil, .test), "cats.test.iterapp.no")
    }

    func testAnAppThatCannotStandBesideTheOthersIsRefused() {
        XCTAssertNil(naming.obstacle(to: app("cats"), besides: [app("dogs"), app("cats")]))
        XCTAssertTrue(naming.obstacle(to: app("my.cats"), besides: [app("my_cats")])?.contains("share the namespace") ?? false)
        XCTAssertTrue(
            naming.obstacle(to: app("one/cats"), besides: [app("two/cats")])?.contains("share the address") ?? false)
        // `apps-a-b-test` is a namespace of two different apps.
        XCTAssertTrue(
            naming.obstacle(to: app("a/b"), besides: [app("a-b")])?.contains("share the namespace") ?? false)
        let long = String(repeating: "c", count: 53)
        XCTAssertTrue(naming.obstacle(to: app(long), besides: [])?.contains("64 characters") ?? false)
        XCTAssertNil(naming.obstacle(to: app(String(long.dropFirst())), besides: []))
        XCTAssertTrue(naming.obstacle(to: app("cats-"), besides: [])?.contains("begin and end") ?? false)
    }

    func testAppsAreTheSameWhateverTheirCase() {
        XCTAssertEqual(app("Cats"), app("cats"))
        XCTAssertEqual(Set([app("Cats"), app("iterate/CATS")]).count, 1)
    }
}
