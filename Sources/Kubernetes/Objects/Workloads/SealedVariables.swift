import AppFile
import Deploys
import Foundation
import JSON

/// Encrypted values in a Secret of a plan. They stand beside its `data`, in a field that no Secret has: what was not
/// opened is refused by the API server (`fieldValidation=Strict`), and never taken for the value.
enum SealedVariables {
    private static let field = "sealed"

    /// - Parameter texts: by variable, as `iterapp.toml` has them.
    static func put(_ texts: [String: String], of release: Release, into secret: inout JSON) {
        guard !texts.isEmpty else { return }
        secret[field] = [
            "organisation": .string(release.app.organisation), "app": .string(release.app.name),
            "environment": .string(release.environment.rawValue), "values": .object(texts.mapValues(JSON.string)),
        ]
    }

    /// The Secret for the cluster.
    /// - Throws: when a value can't be opened.
    static func opened(_ secret: JSON, by opener: (any SecretOpener)?) throws(RollOutError) -> JSON {
        guard let sealed = secret[field] else { return secret }
        guard let opener, let (app, environment) = owner(sealed) else {
            throw .unmet("Its variables are encrypted, and this service has no key to open them.", advice: nil)
        }
        var values: [String: String] = [:]
        for (variable, text) in (sealed["values"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            do throws(OpeningError) {
                values[variable] = try opener.open(text.string ?? "", of: app, for: environment.sealedUses)
            } catch {
                throw .unmet(OpeningWords.sentence(error, of: "`\(variable)`"), advice: OpeningWords.advice(error, app))
            }
        }
        return with(values, secret)
    }

    private static func owner(_ sealed: JSON) -> (AppID, EnvironmentName)? {
        guard let organisation = sealed["organisation"]?.string, let name = sealed["app"]?.string,
            let environment = sealed["environment"]?.string.flatMap(EnvironmentName.init(parsing:))
        else { return nil }
        return (AppID(organisation: organisation, name: name), environment)
    }

    /// Opens what can be opened, for the opener to know it.
    /// - Returns: whether that was everything.
    static func open(_ secret: JSON, by opener: (any SecretOpener)?) -> Bool {
        guard let sealed = secret[field] else { return true }
        guard let opener, let (app, environment) = owner(sealed) else { return false }
        let texts = (sealed["values"]?.object ?? [:]).values
        let opened = texts.compactMap { try? opener.open($0.string ?? "", of: app, for: environment.sealedUses) }
        return opened.count == texts.count
    }

    /// Whether the Secret is called as content like its own is.
    static func isNamedAfterContent(_ secret: JSON) -> Bool {
        let content = (secret["data"]?.object ?? [:]).merging(secret[field]?["values"]?.object ?? [:]) { $1 }
        return secret.at("metadata", "name")?.string?.hasSuffix(EnvironmentObjects.suffix(for: content)) ?? false
    }

    /// The Secret for the cluster, with values that the cluster has.
    /// - Parameter live: the same Secret, as the server has it.
    /// - Returns: nil when one is missing there; with the values as they are.
    static func filled(_ secret: JSON, from live: JSON) -> (secret: JSON, values: [String], app: AppID)? {
        guard let sealed = secret[field], let (app, _) = owner(sealed) else { return nil }
        var values: [String: String] = [:]
        for name in (sealed["values"]?.object ?? [:]).keys {
            guard let bytes = live.at("data", name)?.string.flatMap({ Data(base64Encoded: $0) }),
                let text = String(validating: bytes, as: UTF8.self)
            else { return nil }
            values[name] = text
        }
        return (with(values, secret), values.values.sorted(), app)
    }

    /// The Secret as it can be shown: each value as the file has it.
    static func shown(_ secret: JSON) -> JSON {
        guard let texts = secret[field]?["values"]?.object else { return secret }
        return with(texts.compactMapValues(\.string), secret)
    }

    private static func with(_ values: [String: String], _ secret: JSON) -> JSON {
        var secret = secret
        var data = secret["data"]?.object ?? [:]
        for (name, value) in values { data[name] = .string(Data(value.utf8).base64EncodedString()) }
        secret["data"] = .object(data)
        secret[field] = nil
        return secret
    }
}
