import Deploys

extension SQLiteJournal: Inventory {
    package func placedObjects() async throws(JournalError) -> [PlacedObject] {
        try await reader.run { try PlacedObjectTable(database: $0).all() }
    }

    package func placedObjects(in namespace: String) async throws(JournalError) -> [PlacedObject] {
        try await reader.run { try PlacedObjectTable(database: $0).all(in: namespace) }
    }

    package func place(_ objects: [PlacedObject]) async throws(JournalError) {
        try await writer.run { database in
            for object in objects { try PlacedObjectTable(database: database).put(object) }
        }
    }

    package func forget(_ objects: [PlacedObject]) async throws(JournalError) {
        try await writer.run { database in
            for object in objects { try PlacedObjectTable(database: database).remove(object) }
        }
    }
}
