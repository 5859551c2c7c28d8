import AppFile
import Deploys
import Foundation
import Secrets

/// What to encrypt for, in the words of a command line.
package struct EncryptOrder: Sendable {
    private let app: AppID
    private let scope: SealedValue.Scope
    private let sealer: Sealer

    package static let keySetting = "ITERAPP_PUBLIC_KEY_FILE"

    /// - Parameter keyFile: of the public key; nil takes the one that the process's environment names.
    /// - Throws: `WrongUsage`, `InputProblem` or `SettingsError`.
    package init(app: String, scope: String, keyFile: String?) throws {
        try self.init(app: app, scope: scope, keyFile: keyFile, environment: ProcessInfo.processInfo.environment)
    }

    init(app: String, scope: String, keyFile: String?, environment: [String: String]) throws {
        guard let scope = SealedValue.Scope.allCases.first(where: { $0.name == scope.lowercased() }) else {
            throw WrongUsage("--scope must be common, prod or build, not \(scope).")
        }
        self.scope = scope
        let settings = try Settings.Rendering.read(environment)
        self.app = try RenderOrder.app(app, settings.naming.defaultOrganisation)
        guard let path = keyFile ?? SettingsReader(environment).text(Self.keySetting) else {
            throw WrongUsage(
                "The installation's public key is needed: name its file with --key or \(Self.keySetting). "
                    + "`iterapp keys public` prints it.")
        }
        sealer = try Self.sealer(path)
    }

    private static let maxKeyBytes = 64 << 10

    private static func sealer(_ path: String) throws(InputProblem) -> Sealer {
        guard let file = FileHandle(forReadingAtPath: path),
            let bytes = try? file.read(upToCount: maxKeyBytes + 1) ?? Data()
        else { throw InputProblem("\(path) can't be read: it should hold the installation's public key.") }
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(SealingError) { return try Sealer(pem: text) } catch {
            if text.contains("PRIVATE KEY") {
                throw InputProblem(
                    "\(path) holds private keys, which only the service needs; `iterapp keys public` prints the "
                        + "public one.")
            }
            throw InputProblem("\(path) can't be used. \(error.sentence)")
        }
    }

    /// How many bytes of input are enough to know that it is too much.
    package static let maxInputBytes = Sealer.maxValueBytes + 2

    /// - Parameter input: the secret; one line break at its end is none of it.
    /// - Returns: the text for `iterapp.toml`, as a line.
    /// - Throws: `InputProblem`.
    package func encrypt(_ input: [UInt8]) throws -> String {
        var secret = input
        if secret.last == UInt8(ascii: "\n") {
            secret.removeLast()
            if secret.last == UInt8(ascii: "\r") { secret.removeLast() }
        }
        do throws(SealingError) { return try sealer.seal(secret, for: app, scope).text + "\n" } catch {
            throw InputProblem(error.sentence)
        }
    }
}
