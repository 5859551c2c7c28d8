import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

/// Judges objects by the schemas that Kubernetes, cert-manager, the Prometheus Operator, the Gateway API and Traefik
/// publish, in one Python process (`Fixtures/schemas/validate.py`).
struct SchemaValidator {
    /// Objects that one cluster shall take.
    struct Case {
        let name: String
        /// The cluster is Kubernetes 1 point this.
        let kubernetesMinor: Int
        let objects: [JSON]
    }

    /// The first and the last version that `kubernetes-validate` knows.
    static let oldestMinor = 25
    static let newestMinor = 37

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/schemas/validate.py").path

    /// - Returns: a sentence for each object that is wrong.
    static func problems(in cases: [Case]) async throws -> [String] {
        let input: [JSON] = cases.map { one in
            ["name": .string(one.name), "versions": [.string("1.\(one.kubernetesMinor)")], "objects": .array(one.objects)]
        }
        guard let python = TestTools.python else { throw XCTSkip(TestTools.absence) }
        var run = ProgramRun(python, [script], timeLimit: .seconds(120))
        run.input = JSON.array(input).bytes
        let result = try await run.run()
        let errors = String(decoding: result.errorOutput, as: UTF8.self)
        XCTAssertEqual(result.exitCode, 0, errors)
        return try XCTUnwrap(try JSON.parse(Data(result.output)).array, errors).compactMap(\.string)
    }
}
