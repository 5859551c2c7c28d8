import Foundation
import XCTest

/// What `.ci/prepare` installs for tests alone: Python programs, and the public suite of TOML documents.
package enum TestTools {
    private static let directory = "/opt/iterapp-tests"

    /// A Python with `kubernetes-validate`, `jsonschema` and models of several custom resources.
    /// - Throws: a skip that says what to do when it is not there.
    package static func python() throws -> String { try path("python/bin/python3") }

    /// The folder `tests` of https://github.com/toml-lang/toml-test.
    /// - Throws: a skip that says what to do when it is not there.
    package static func tomlSuite() throws -> URL {
        URL(filePath: try path("toml-test/tests"), directoryHint: .isDirectory)
    }

    private static func path(_ name: String) throws -> String {
        let path = "\(directory)/\(name)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw XCTSkip("There is no \(path): `.ci/prepare` installs it.")
        }
        return path
    }
}
