import Deploys
import Synchronization

/// An inventory in memory.
package final class ListInventory: Inventory {
    private let objects: Mutex<[PlacedObject]>
    /// Each call of `place`, by itself.
    private let calls = Mutex<[[PlacedObject]]>([])
    private let isBroken = Mutex(false)

    package init(_ objects: [PlacedObject] = []) { self.objects = Mutex(objects) }

    package var all: [PlacedObject] { objects.withLock { $0 } }
    package var placings: [[PlacedObject]] { calls.withLock { $0 } }

    /// From now on, nothing can be read or written.
    package func fail() { isBroken.withLock { $0 = true } }

    private func check() throws(JournalError) {
        if isBroken.withLock({ $0 }) { throw .diskFull }
    }

    package func placedObjects() async throws(JournalError) -> [PlacedObject] {
        try check()
        return all
    }

    package func placedObjects(in namespace: String) async throws(JournalError) -> [PlacedObject] {
        try check()
        return all.filter { $0.namespace == namespace }
    }

    package func place(_ placed: [PlacedObject]) async throws(JournalError) {
        try check()
        calls.withLock { $0.append(placed) }
        objects.withLock { objects in
            for object in placed {
                objects.removeAll {
                    $0.namespace == object.namespace && $0.kind == object.kind && $0.name == object.name
                }
                objects.append(object)
            }
        }
    }

    package func forget(_ gone: [PlacedObject]) async throws(JournalError) {
        try check()
        objects.withLock { objects in
            for object in gone {
                objects.removeAll {
                    $0.namespace == object.namespace && $0.kind == object.kind && $0.name == object.name
                        && $0.uid == object.uid
                }
            }
        }
    }
}
