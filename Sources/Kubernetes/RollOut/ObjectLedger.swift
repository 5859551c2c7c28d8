import Deploys
import JSON

/// Writes down what was put into one namespace.
struct ObjectLedger: Sendable {
    let inventory: any Inventory
    let namespace: String
    /// Of what the plan says about each object.
    private let contents: [ObjectID: String]

    /// - Parameter plan: the objects as they are to be, before anything that depends on the cluster is filled in.
    init(inventory: any Inventory, namespace: String, plan: [JSON]) {
        self.inventory = inventory
        self.namespace = namespace
        contents = Dictionary(plan.map { (ObjectID($0), $0.digest) }) { _, last in last }
    }

    /// Whether an object was set as the plan says when it was set last.
    func isAsPlanned(_ placed: PlacedObject) -> Bool { contents[ObjectID(placed)] == placed.content }

    func placed() async throws(RollOutError) -> [PlacedObject] {
        do throws(JournalError) {
            return try await inventory.placedObjects(in: namespace)
        } catch {
            throw Self.error(error)
        }
    }

    /// - Parameter answers: objects as the server answered our applies.
    func place(_ answers: [JSON]) async throws(RollOutError) {
        let objects = answers.compactMap { answer in
            KubernetesResource.of(answer).map {
                PlacedObject(answer, $0, namespace: namespace, content: contents[ObjectID(answer)] ?? "")
            }
        }
        guard !objects.isEmpty else { return }
        do throws(JournalError) {
            try await inventory.place(objects)
        } catch {
            throw Self.error(error)
        }
    }

    func forget(_ objects: [PlacedObject]) async throws(RollOutError) {
        guard !objects.isEmpty else { return }
        do throws(JournalError) {
            try await inventory.forget(objects)
        } catch {
            throw Self.error(error)
        }
    }

    private static func error(_ error: JournalError) -> RollOutError {
        .unrecorded(
            "The service cannot keep account of what it puts into the cluster, so it puts nothing more there: "
                + "\(error). Deploy again once that is mended.")
    }
}
