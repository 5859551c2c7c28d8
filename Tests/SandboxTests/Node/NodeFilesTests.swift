import Foundation
import JSON
import TestSupport
import XCTest

@testable import Sandbox

/// The node's files, without an engine.
final class NodeFilesTests: XCTestCase {
    private func content(_ files: [String: String], mode: Int = 0o644) -> VolumeContent {
        VolumeContent(files: files.sorted { $0.key < $1.key }.map {
            .init(path: $0.key, bytes: Array($0.value.utf8), mode: mode)
        })
    }

    func testContentChangesAllAtOnceAndUnchangedContentStays() async throws {
        try await withTemporaryDirectory { directory in
            let place = directory.appending(path: "volume")
            let folder = AtomicFolder(folder: place, owner: VolumeOwner(group: nil))
            func link() throws -> String {
                try FileManager.default.destinationOfSymbolicLink(atPath: place.appending(path: "..data").path)
            }
            func read(_ name: String) -> String? {
                try? String(contentsOf: place.appending(path: name), encoding: .utf8)
            }
            try folder.write(content(["a": "1", "deep/b": "2"], mode: 0o400), version: "one")
            XCTAssertEqual([read("a"), read("deep/b")], ["1", "2"])
            XCTAssertEqual(try link(), "..one")
            let mode = try FileManager.default.attributesOfItem(atPath: place.appending(path: "..one/a").path)
            XCTAssertEqual(mode[.posixPermissions] as? Int, 0o400)
            try folder.write(content(["a": "1", "deep/b": "2"]), version: "two")
            XCTAssertEqual(try link(), "..one")
            try folder.write(content(["a": "3", "c": "4"]), version: "three")
            XCTAssertEqual([read("a"), read("c"), read("deep/b")], ["3", "4", nil])
            XCTAssertEqual(
                try FileManager.default.contentsOfDirectory(atPath: place.path).sorted(),
                ["..data", "..three", "a", "c"])
        }
    }

    func testWhatAVolumeHoldsAndWhatItMisses() throws {
        let secrets: [String: JSON] = ["s": ["data": ["a": "MQ==", "b": "Mg=="]]]
        let maps: [String: JSON] = ["m": ["data": ["a": "text"], "binaryData": ["z": "AAE="]]]
        func files(_ volume: JSON) throws -> [String: [UInt8]]? {
            try VolumeContent(volume: volume, secrets: secrets, configMaps: maps).map { content in
                Dictionary(content.files.map { ($0.path, $0.bytes) }) { $1 }
            }
        }
        XCTAssertEqual(try files(["secret": ["secretName": "s"]]), ["a": [0x31], "b": [0x32]])
        XCTAssertEqual(try files(["configMap": ["name": "m"]]), ["a": Array("text".utf8), "z": [0, 1]])
        XCTAssertEqual(
            try files(["secret": ["secretName": "s", "items": [["key": "b", "path": "x/y"]]]]), ["x/y": [0x32]])
        XCTAssertEqual(try files(["secret": ["secretName": "none", "optional": true]]), [:])
        XCTAssertNil(try files(["emptyDir": [:]]))
        func source(_ name: String, _ key: String, isOptional: Bool) -> JSON {
            let item: JSON = ["key": .string(key), "path": .string(key)]
            return ["secret": ["name": .string(name), "items": [item], "optional": .bool(isOptional)]]
        }
        func projected(_ sources: [JSON]) throws -> [String: [UInt8]]? {
            try files(["projected": ["sources": .array(sources)]])
        }
        let required = source("s", "a", isOptional: false)
        for missing in [source("s", "q", isOptional: true), source("none", "b", isOptional: true)] {
            XCTAssertEqual(try projected([required, missing]), ["a": [0x31]])
        }
        XCTAssertEqual(try projected([required, source("s", "b", isOptional: true)]), ["a": [0x31], "b": [0x32]])
        XCTAssertThrowsError(try projected([source("s", "q", isOptional: false), source("s", "b", isOptional: true)])) {
            XCTAssertEqual(
                ($0 as? VolumeContent.Missing)?.message, "references non-existent secret key: q",
                "one source may lack what the other must have")
        }
        let both: JSON = ["projected": ["sources": [["secret": ["name": "s"]], ["configMap": ["name": "m"]]]]]
        XCTAssertEqual(try files(both)?["a"], Array("text".utf8), "the later one counts")
        for (volume, message) in [
            (["configMap": ["name": "none"]], "configmap \"none\" not found"),
            (["configMap": ["name": "m", "items": [["key": "q", "path": "q"]]]],
             "references non-existent config key: q"),
        ] as [(JSON, String)] {
            XCTAssertThrowsError(try files(volume)) {
                XCTAssertEqual(($0 as? VolumeContent.Missing)?.message, message)
            }
        }
    }

    func testALinkLeadsNobodyOutOfItsVolume() async throws {
        try await withTemporaryDirectory { directory in
            let files = NodeFiles(root: directory)
            func pod(_ subPath: String) -> (pod: JSON, container: JSON) {
                (
                    ["metadata": ["uid": "u"], "spec": ["volumes": [["name": "v", "emptyDir": [:]]]]],
                    ["volumeMounts": [["name": "v", "mountPath": "/v", "subPath": .string(subPath)]]]
                )
            }
            let (made, container) = pod("kept")
            try await files.mount(made, secrets: [:], configMaps: [:])
            let mounts = try await files.mounts(of: container, in: made)
            let volume = directory.appending(path: "pods/u/volumes/v")
            XCTAssertEqual(mounts.map(\.source), [volume.appending(path: "kept").path])
            try FileManager.default.createSymbolicLink(
                atPath: volume.appending(path: "out").path, withDestinationPath: "/etc")
            do {
                _ = try await files.mounts(of: pod("out").container, in: made)
                XCTFail("/etc would be mounted")
            } catch let failure as NodeFiles.MountFailure {
                XCTAssertEqual(failure.message, "failed to prepare subPath for volumeMount \"v\"")
            }
            let modes = ["", "pods", "pods/u"].map { path in
                (try? FileManager.default.attributesOfItem(atPath: directory.appending(path: path).path))?[
                    .posixPermissions] as? Int
            }
            XCTAssertEqual(modes.dropFirst(), [0o700, 0o700], "nobody else enters")
            await files.keepOnly([])
            XCTAssertFalse(FileManager.default.fileExists(atPath: volume.path))
        }
    }

    func testTheHostsFile() async throws {
        let pod: JSON = [
            "metadata": ["name": "cats-1", "namespace": "apps-cats-test"],
            "spec": ["hostAliases": [["ip": "10.0.0.1", "hostnames": ["old.example", "older.example"]]]],
        ]
        var file = HostsFile(pod: pod)
        XCTAssertTrue(file.text.contains("\n127.0.0.1\tcats-1\n"))
        file.address = "172.17.0.9"
        file.services = [.init(name: "redis", address: "172.17.0.4")]
        XCTAssertTrue(file.text.hasPrefix("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n"))
        XCTAssertTrue(file.text.hasSuffix("""
            172.17.0.9\tcats-1

            # Entries added by HostAliases.
            10.0.0.1\told.example\tolder.example

            # Services.
            172.17.0.4\tredis redis.apps-cats-test redis.apps-cats-test.svc \
            redis.apps-cats-test.svc.cluster.local

            """), file.text)
        // It is mounted, so it has to stay the same file.
        try await withTemporaryDirectory { directory in
            let files = NodeFiles(root: directory)
            let path = try await files.writeHosts(file.text, of: "u")
            let number = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
            let again = try await files.writeHosts("short\n", of: "u")
            XCTAssertEqual(again, path)
            XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "short\n")
            XCTAssertEqual(
                try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int, number)
        }
    }
}
