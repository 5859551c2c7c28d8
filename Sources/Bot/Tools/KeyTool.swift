import Foundation
import HTTP
import Kubernetes
import Secrets

/// What an operator does with the installation's keys. It never prints one.
package struct KeyTool: Sendable {
    private let store: KeyStore
    private let place: KeyPlace

    /// For the keys that the process's environment names.
    /// - Throws: `InputProblem`, or `SettingsError`.
    package init() throws { try self.init(environment: ProcessInfo.processInfo.environment) }

    init(environment: [String: String]) throws {
        var reader = SettingsReader(environment)
        let place = reader.keyPlace()
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        guard let place else {
            throw InputProblem(
                "ITERAPP_KEYS is not set: it says where the keys are, a file's path or secret:NAMESPACE/NAME.")
        }
        self.place = place
        guard case .secret = place else {
            store = KeyStore(place, client: nil)
            return
        }
        do throws(ConnectionError) {
            let connection = try KubernetesConnection.find(environment: environment)
            store = KeyStore(place, client: KubernetesClient(connection, http: HTTPClient()))
        } catch { throw InputProblem(error.sentence) }
    }

    /// - Returns: what was done, for people.
    package func rotate() async throws -> String {
        let keyring = try await store.rotate()
        let id = keyring.newest.map { "\($0.id)" } ?? ""
        guard keyring.keys.count > 1 else {
            return "The first key, \(id), is in \(place). Make a backup of it: without it, nobody can open what is "
                + "encrypted for it.\n"
        }
        return "Values are encrypted for the new key \(id) from now on; the \(keyring.keys.count - 1) older "
            + (keyring.keys.count == 2 ? "one opens" : "ones open")
            + " what was encrypted before. Make a new backup of \(place).\n"
    }

    /// - Returns: a line for each key, the newest first.
    package func list() async throws -> String {
        let keys = try await store.read().keys
        return keys.enumerated().map { index, key in
            "\(key.id)  \(index == 0 ? "newest: encrypts and opens" : "opens only")\n"
        }.joined()
    }

    /// - Returns: the newest public key as PEM.
    package func publicKey() async throws -> String {
        guard let key = try await store.read().newest else { throw InputProblem("There is no key in \(place).") }
        return key.publicKey.pem
    }

    /// For a demo: keys in a file of its own.
    package static func makeIfMissing(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        do throws(KeyFileError) { _ = try KeyFile(path).rotate() } catch { throw InputProblem(error.sentence) }
    }
}
