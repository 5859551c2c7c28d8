import Deploys
import Foundation
import XCTest

@testable import Images

enum Samples {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func request(
        in folder: URL, appling: String? = nil, number: Int = 1, secrets: [String: String] = [:]
    ) throws -> ImageRequest {
        ImageRequest(
            app: AppID(organisation: "iterate", name: "cats"), appling: appling, commit: try commit(),
            buildNumber: number, context: folder, dockerfile: "Dockerfile",
            buildDate: Date(timeIntervalSince1970: 1_700_000_000), secrets: BuildSecrets(secrets))
    }

    static func commit() throws -> CommitID {
        try XCTUnwrap(CommitID("1a2b3c4d5e" + String(repeating: "0", count: 30)))
    }

    static func image() throws -> ImageName {
        ImageName(
            app: AppID(organisation: "iterate", name: "cats"), appling: nil, commit: try commit(), buildNumber: 1,
            defaultOrganisation: "iterate", registry: "registry.example/apps")
    }
}
