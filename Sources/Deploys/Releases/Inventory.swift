/// One object that is in the cluster because we put it there.
package struct PlacedObject: Hashable, Codable, Sendable {
    package let namespace: String
    /// In the words of the cluster's adapter.
    package let kind: String
    package let name: String
    /// Another object that takes the name later has another one.
    package let uid: String
    /// Of what we set in it, as it was when we set it last: different once somebody else has changed that.
    package let ownership: String
    /// Of what the plan said about it when we set it last; empty when no plan did.
    package let content: String

    package init(
        namespace: String, kind: String, name: String, uid: String, ownership: String, content: String = ""
    ) {
        self.namespace = namespace
        self.kind = kind
        self.name = name
        self.uid = uid
        self.ownership = ownership
        self.content = content
    }
}

/// The durable list of what we put into the cluster. Only what it holds is ever deleted there.
package protocol Inventory: Sendable {
    /// All of it, by namespace; for the comparison at the start.
    func placedObjects() async throws(JournalError) -> [PlacedObject]
    func placedObjects(in namespace: String) async throws(JournalError) -> [PlacedObject]
    /// Adds objects; one of the same namespace, kind and name is replaced.
    func place(_ objects: [PlacedObject]) async throws(JournalError)
    /// Takes objects off the list, as long as they are the very same (by UID).
    func forget(_ objects: [PlacedObject]) async throws(JournalError)
}
