import Foundation
import TestSupport
import XCTest

/// Debian's docker-registry, for the time of `body`.
enum DockerRegistry {
    /// - Parameters:
    ///   - settings: more of its configuration, as lines of YAML.
    ///   - body: gets its address: `127.0.0.1:40123`.
    static func with<T>(_ settings: String = "", _ body: (String) async throws -> T) async throws -> T {
        if let obstacle = RegistryProcess.obstacle { throw XCTSkip(obstacle) }
        return try await withTemporaryDirectory { root in
            let registry = try await RegistryProcess(in: root, settings)
            let result: Result<T, any Error>
            do { result = .success(try await body(registry.address)) } catch { result = .failure(error) }
            await registry.stop()
            return try result.get()
        }
    }
}
