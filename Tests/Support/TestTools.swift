import Foundation

/// What `.ci/prepare` installs for tests alone: Python programs, and the public suite of TOML documents.
package enum TestTools {
    private static let directory = "/opt/iterapp-tests"

    /// A Python with `kubernetes-validate`, `jsonschema`, models of several custom resources and `slack_sdk`; nil when it
    /// is not there.
    package static var python: String? { path("python/bin/python3") }

    /// The folder `tests` of https://github.com/toml-lang/toml-test; nil when it is not there.
    package static var tomlSuite: URL? {
        path("toml-test/tests").map { URL(filePath: $0, directoryHint: .isDirectory) }
    }

    /// Why a test that needs them is skipped.
    package static let absence = "It needs what is missing in \(directory): `.ci/prepare` installs that."

    private static func path(_ name: String) -> String? {
        let path = "\(directory)/\(name)"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }
}
