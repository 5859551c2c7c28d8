import Deploys
import Foundation
import JSON

/// Keeps the Secrets of add-ons that live on the operator's servers, and has the servers make what they open. The
/// Secrets are never removed, and their values are written down nowhere else.
struct AddOnKeeper: Sendable {
    let client: KubernetesClient
    let patience: Patience
    let servers: AddOnServers
    /// Told of the passwords that are found.
    var learn: @Sendable ([String]) -> Void = { _ in }
    /// Add-ons that are looked after side by side.
    private static let maxParallel = 4
    /// Times that one Secret is written, when somebody else writes it at the same moment.
    private static let maxTries = 4

    /// On the Secret: the add-on as a plan holds it, so that it can be known without one.
    static let placeAnnotation = "iterapp.no/add-on"

    struct Kept: Sendable {
        let place: AddOnPlace
        let secret: [String: String]
        /// Of the Secret: another one than before when its values are others.
        let identity: String
        /// What the server remarked.
        let remarks: [String]
    }

    /// Why one of them could not be kept; the first one, if several could not.
    struct Failure: Error {
        let place: AddOnPlace
        let error: RollOutError
    }

    /// Safe to repeat, and for two deploys at once: who comes second finds what the first one made.
    func keep(_ places: [AddOnPlace]) async throws(Failure) -> [Kept] {
        let results = await inParallel(places, atMost: Self.maxParallel) { place in
            do throws(RollOutError) { return Result<Kept, Failure>.success(try await keep(place)) } catch {
                return .failure(Failure(place: place, error: error))
            }
        }
        var kept: [Kept] = []
        for result in results { kept.append(try result.get()) }
        return kept
    }

    private func keep(_ place: AddOnPlace) async throws(RollOutError) -> Kept {
        guard let server = servers.server(of: place.addOn) else {
            throw .unmet(
                "This service is not connected to a server for the \(place.addOn.title) `\(place.addOn.name)`.",
                advice: "Ask the operator of Iterapp for it.")
        }
        let (secret, identity) = try await secret(of: place, server)
        do throws(AddOnError) {
            let remarks = try await server.provide(place, secret)
            return Kept(place: place, secret: secret, identity: identity, remarks: remarks)
        } catch { throw error.rollOutError }
    }

    /// Nothing is made.
    /// - Returns: nil when there is none, or it is not ours.
    func found(_ place: AddOnPlace) async throws(RollOutError) -> (secret: [String: String], identity: String)? {
        let found = try await find(place)
        guard let found, !found.isBeingDeleted, Self.isOurs(found) else { return nil }
        return (Self.values(found), SecretBindings.identity(of: found))
    }

    /// Whether the server lets in whoever has the Secret's values.
    func isProvided(_ place: AddOnPlace, _ secret: [String: String]) async -> Bool {
        guard let server = servers.server(of: place.addOn) else { return false }
        return (try? await server.provide(place, secret)) != nil
    }

    /// Nothing that began with older values runs any more.
    /// - Returns: sentences about what could not be retired now; the next roll-out does.
    func retireOlder(_ kept: [Kept]) async -> [String] {
        var remarks: [String] = []
        for one in kept {
            guard let server = servers.server(of: one.place.addOn) else { continue }
            do throws(AddOnError) {
                await add(try await server.retireOlder(than: one.secret, at: one.place), to: one)
            } catch {
                if case .unmet(let sentence, _) = error.rollOutError { remarks.append(sentence) }
            }
        }
        return remarks
    }

    /// What cannot be written now comes with the next roll-out, which retires once more.
    private func add(_ more: [String: String], to kept: Kept) async {
        guard !more.isEmpty else { return }
        _ = try? await ask(kept.place) { () throws(KubernetesError) in
            let place = kept.place
            let found = try await client.find(.secrets, namespace: place.namespace, name: place.addOn.name)
            // One that somebody removed since, to have other values, must not come back.
            guard let found, kept.secret.allSatisfy({ Self.values(found)[$0.key] == $0.value }) else { return }
            let secret = kept.secret.merging(more) { $1 }
            _ = try await write(place, secret, changes: SecretBindings.changes(of: found), over: found)
        }
    }

    // MARK: The Secret

    private func secret(
        of place: AddOnPlace, _ server: any AddOnServer
    ) async throws(RollOutError) -> (values: [String: String], identity: String) {
        for _ in 1...Self.maxTries {
            let found = try await find(place)
            if let found, !Self.isOurs(found) { throw Self.foreign(place) }
            let kept = found.map(Self.values)
            let wanted: [String: String]
            do throws(AddOnError) { wanted = try await server.secret(of: place, kept: kept) } catch {
                throw error.rollOutError
            }
            if let found, let kept, Self.isAsWanted(kept, wanted, place) {
                return (wanted, SecretBindings.identity(of: found))
            }
            let changes = found.map { SecretBindings.changes(of: $0) + 1 } ?? 0
            let written = try await ask(place) { () throws(KubernetesError) in
                try await write(place, wanted, changes: changes, over: found)
            }
            if let written { return (wanted, SecretBindings.identity(of: written)) }
        }
        throw .unmet(
            "The Secret \(place.addOn.name) in the namespace \(place.namespace) is changed by somebody else again and "
                + "again.", advice: "Deploy again when nobody changes it.")
    }

    private func find(_ place: AddOnPlace) async throws(RollOutError) -> JSON? {
        let found = try await ask(place) { () throws(KubernetesError) in
            try await client.find(.secrets, namespace: place.namespace, name: place.addOn.name)
        }
        if let found, Self.isOurs(found) { learn(AddOnPasswords.found(in: Self.values(found))) }
        return found
    }

    private static func isOurs(_ secret: JSON) -> Bool {
        secret.at("metadata", "labels", ObjectScope.keptLabel) != nil
    }

    private static func foreign(_ place: AddOnPlace) -> RollOutError {
        .unmet(
            "There is a Secret \(place.addOn.name) in the namespace \(place.namespace) already that is not Iterapp's, "
                + "and the \(place.addOn.title) needs that name.",
            advice: "Give it another name, or delete it.")
    }

    private static func isAsWanted(
        _ kept: [String: String], _ wanted: [String: String], _ place: AddOnPlace
    ) -> Bool {
        wanted.allSatisfy { kept[$0.key] == $0.value }
            && place.addOn.optionalKeys.allSatisfy { kept[$0] == nil || wanted[$0] != nil }
    }

    /// - Returns: the Secret as it is now; nil when somebody else wrote or removed it in between.
    private func write(
        _ place: AddOnPlace, _ values: [String: String], changes: Int, over found: JSON?
    ) async throws(KubernetesError) -> JSON? {
        var object = Self.json(place, values, changes: changes)
        do throws(KubernetesError) {
            guard let found else { return try await client.create(object) }
            // Refused when it is not the one that was read.
            object["metadata"]?["resourceVersion"] = found.at("metadata", "resourceVersion")
            for key in place.addOn.optionalKeys where values[key] == nil { object["data"]?[key] = .null }
            return try await client.merge(object)
        } catch .conflict {
            return nil
        } catch .notFound {
            return nil
        }
    }

    private func ask<Answer: Sendable>(
        _ place: AddOnPlace, _ body: () async throws(KubernetesError) -> Answer
    ) async throws(RollOutError) -> Answer {
        do throws(KubernetesError) { return try await patience.ask(body) } catch {
            throw Refusals(error, Self.json(place, [:])).rollOutError(isBegun: false)
        }
    }

    static func values(_ secret: JSON) -> [String: String] {
        (secret["data"]?.object ?? [:]).mapValues { value in
            String(decoding: Data(base64Encoded: value.string ?? "") ?? Data(), as: UTF8.self)
        }
    }

    private static func json(_ place: AddOnPlace, _ values: [String: String], changes: Int = 0) -> JSON {
        let mark = PlannedAddOn.json(place).map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
        var annotations: [String: JSON] = [placeAnnotation: .string(mark)]
        if changes > 0 { annotations[SecretBindings.changesAnnotation] = .string(String(changes)) }
        return [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": [
                "name": .string(place.addOn.name), "namespace": .string(place.namespace),
                "labels": [
                    ObjectScope.managedBy.key: .string(ObjectScope.managedBy.value),
                    ObjectScope.componentLabel: .string(place.addOn.component), ObjectScope.keptLabel: "true",
                ],
                "annotations": .object(annotations),
            ],
            "type": "Opaque",
            "data": .object(values.mapValues { .string(Data($0.utf8).base64EncodedString()) }),
        ]
    }
}

extension AddOnError {
    fileprivate var rollOutError: RollOutError {
        switch self {
        case .refused(let sentence, let advice): .unmet(sentence, advice: advice)
        case .unreachable(let sentence): .unmet(sentence, advice: "Deploy again once it answers.")
        case .cancelled: .cancelled
        }
    }
}
