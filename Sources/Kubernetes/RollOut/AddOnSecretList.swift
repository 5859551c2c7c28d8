import Deploys
import Foundation
import JSON

/// Finds the Secrets that `AddOnKeeper` and `SecretKeeper` have written, in all namespaces.
package struct AddOnSecretList: AddOnSecrets {
    private let client: KubernetesClient

    package init(_ client: KubernetesClient) { self.client = client }

    package func kept(_ kind: AddOn.Kind) async throws(AddOnError) -> [KeptAddOn] {
        let ofKind = "\(ObjectScope.componentLabel)=\(AddOn(kind, name: "").component)"
        do throws(KubernetesError) {
            return try await client.list(.secrets, labelSelector: "\(Self.selector),\(ofKind)").items
                .compactMap(Self.keptAddOn)
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .unreachable("The Secrets of add-ons cannot be listed: \(error.sentence)")
        }
    }

    /// Passwords and keys in the Secrets of all add-ons, those in apps' own namespaces among them.
    package func passwords() async throws(KubernetesError) -> [String] {
        try await client.list(.secrets, labelSelector: Self.selector).items
            .flatMap { AddOnPasswords.found(in: AddOnKeeper.values($0)) }
    }

    private static let selector = "\(ObjectScope.managedBySelector),\(ObjectScope.keptLabel)=true"

    private static func keptAddOn(_ secret: JSON) -> KeptAddOn? {
        let mark = secret.at("metadata", "annotations", AddOnKeeper.placeAnnotation)?.string ?? ""
        guard let place = (try? JSON.parse(mark)).flatMap(PlannedAddOn.place) else { return nil }
        return KeptAddOn(place: place, secret: AddOnKeeper.values(secret))
    }
}
