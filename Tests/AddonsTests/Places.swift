import AppFile
import Deploys
import XCTest

/// Where the tests' add-ons belong.
enum Places {
    static let naming = Naming(
        defaultOrganisation: "iterate", domains: .init(prod: "{app}.test", test: "{app}.test", snap: "{app}.test"),
        externalDomains: .init(prod: "{app}.test", test: "{app}.test", snap: "{app}.test"))

    static func place(
        _ label: String, appling: String? = nil, _ environment: EnvironmentName = .test, extensions: [String] = []
    ) throws -> AddOnPlace {
        let app = try XCTUnwrap(AppID(parsing: label, defaultOrganisation: naming.defaultOrganisation))
        let owner = ([app.name] + (appling.map { [$0] } ?? [])).map(Naming.slug).joined(separator: "-")
        return AddOnPlace(
            app: app, environment: environment, namespace: naming.namespace(app, environment),
            addOn: AddOn(.postgres(extensions: extensions), name: "\(owner)-postgres"))
    }
}
