import Deploys
import Foundation
import JSON

/// Finds the Secrets that `AddOnKeeper` has written, in all namespaces.
package struct AddOnSecretList: AddOnSecrets {
    private let client: KubernetesClient

    package init(_ client: KubernetesClient) { self.client = client }

    package func kept(_ kind: AddOn.Kind) async throws(AddOnError) -> [KeptAddOn] {
        let selector = [
            ObjectScope.managedBySelector, "\(ObjectScope.componentLabel)=\(AddOn(kind, name: "").component)",
            "\(ObjectScope.keptLabel)=true",
        ]
        do throws(KubernetesError) {
            return try await client.list(.secrets, labelSelector: selector.joined(separator: ",")).items
                .compactMap(Self.keptAddOn)
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .unreachable("The Secrets of add-ons cannot be listed: \(error.sentence)")
        }
    }

    private static func keptAddOn(_ secret: JSON) -> KeptAddOn? {
        let mark = secret.at("metadata", "annotations", AddOnKeeper.placeAnnotation)?.string ?? ""
        guard let place = (try? JSON.parse(mark)).flatMap(PlannedAddOn.place) else { return nil }
        return KeptAddOn(place: place, secret: AddOnKeeper.values(secret))
    }
}
