import Foundation
import JSON
import SQLite
import TestSupport
import XCTest

@testable import Sandbox

/// What is on disk after every write.
final class ClusterAPIFileTests: XCTestCase {
    func testObjectsComeBackWithIdentityAndVersion() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "cluster.db").path
            let store = ObjectStore()
            try await store.open(path)
            try await store.create(.namespace, ["metadata": ["name": "cats"]], by: "test")
            let set = try await store.create(
                .replicaSet, ["metadata": ["name": "rs", "namespace": "cats"], "spec": ["replicas": 1]],
                by: "test")
            let pod = try await store.create(
                .pod,
                [
                    "metadata": [
                        "name": "ä-\u{1F600}", "namespace": "cats",
                        "ownerReferences": [
                            [
                                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs",
                                "uid": .string(set.uid),
                            ]
                        ],
                    ],
                    "spec": ["containers": [["name": "c", "image": "i"]]],
                ], by: "test")
            try await store.create(.configMap, ["metadata": ["name": "x", "namespace": "cats"]], by: "test")
            try await store.delete(.configMap, namespace: "cats", name: "x")
            let version = await store.resourceVersion

            // A second connection sees what a new process would see after the first was killed.
            let after = ObjectStore()
            try await after.open(path)
            try await assertSame(after, version, pod)
        }
    }

    private func assertSame(_ after: ObjectStore, _ version: Int, _ pod: JSON) async throws {
        let found = try await after.get(.pod, namespace: "cats", name: pod.name)
        XCTAssertEqual(found, pod)
        let maps = await after.list(.configMap).items
        XCTAssertEqual(maps, [])
        let versionAfter = await after.resourceVersion
        XCTAssertEqual(versionAfter, version, "a deletion's version is not given out again")
        do {
            _ = try await after.watch(.pod, after: version - 1)
            XCTFail("history is not kept over a restart")
        } catch {
            XCTAssertEqual(error.code, 410)
        }
        try await after.delete(.replicaSet, namespace: "cats", name: "rs")
        let pods = await after.list(.pod).items
        XCTAssertEqual(pods, [], "owners are known again")
    }

    func testOthersCannotReadTheFile() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "cluster.db").path
            let store = ObjectStore()
            try await store.open(path)
            try await store.create(.namespace, ["metadata": ["name": "cats"]], by: "test")
            for file in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + file)
                XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600, file)
            }
        }
    }

    func testRefusedWriteLeavesMemoryAsItWas() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "cluster.db").path
            let store = ObjectStore()
            try await store.open(path)
            try await store.create(.namespace, ["metadata": ["name": "cats"]], by: "test")
            let version = await store.resourceVersion
            let events = try await store.watch(.namespace, after: version)
            let other = try Database(path: path)
            try other.execute("DROP TABLE objects")
            do {
                try await store.delete(.namespace, name: "cats")
                XCTFail("a write that is not on disk must not be told")
            } catch let error as APIError {
                XCTAssertEqual(error.code, 500)
                XCTAssertTrue(error.message.hasPrefix("Internal error occurred: "), error.message)
            }
            let left = try await store.get(.namespace, name: "cats")
            XCTAssertFalse(left.isBeingDeleted)
            let versionAfter = await store.resourceVersion
            XCTAssertEqual(versionAfter, version)
            await store.dropWatches()
            for await event in events { XCTFail("told of \(event)") }
        }
    }

    func testDamagedObjectIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "cluster.db").path
            let store = ObjectStore()
            try await store.open(path)
            try await store.create(.namespace, ["metadata": ["name": "cats"]], by: "test")
            try Database(path: path).execute("UPDATE objects SET object = '{'")
            do {
                try await ObjectStore().open(path)
                XCTFail("opened")
            } catch {
                XCTAssertTrue("\(error)".contains("namespaces cats in \(path) is damaged"), "\(error)")
            }
        }
    }

    func testFileOfAnotherKindIsRefused() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending(path: "cluster.db").path
            try Data("not a database, but long enough to look at its header".utf8).write(
                to: URL(filePath: path))
            do {
                try await ObjectStore().open(path)
                XCTFail("opened")
            } catch let error as SQLiteError {
                XCTAssertTrue(error.message.contains("is not a SQLite database"), error.message)
            }
        }
    }
}
