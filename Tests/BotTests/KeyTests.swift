import AppFile
import Crypto
import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Bot

/// The installation's keys, from the setting to the page, and the tools around them.
final class KeyTests: XCTestCase {
    private func path(_ bench: BotBench) -> String { bench.directory.appending(path: "keys.pem").path }

    private func problems(_ bench: BotBench, _ value: String) -> [String] {
        do {
            _ = try bench.settings(["ITERAPP_KEYS": value])
            return []
        } catch { return (error as? SettingsError)?.problems ?? ["\(error)"] }
    }

    func testTheSetting() async throws {
        try await BotBench.with { bench in
            let path = path(bench)
            XCTAssertNil(try bench.settings().keys)
            XCTAssertEqual(
                problems(bench, path), ["ITERAPP_KEYS: \(path) is not there; `iterapp keys rotate` makes the first key."])
            try KeyTool.makeIfMissing(path)
            XCTAssertEqual(try bench.settings(["ITERAPP_KEYS": path]).keys?.keyring?.keys.count, 1)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            XCTAssertEqual(problems(bench, path), [
                "ITERAPP_KEYS: \(path) can be read or changed by others than its owner (mode 644), and keys must not; "
                    + "after `chmod 600 \(path)` it is taken."
            ])
            let secret = try bench.settings(["ITERAPP_KEYS": "secret:iterapp/keys"]).keys
            XCTAssertEqual(secret?.place, .secret(namespace: "iterapp", name: "keys"))
            for wrong in ["secret:", "secret:keys", "secret:a/b/c", "secret:A/b", "secret:/b"] {
                XCTAssertEqual(problems(bench, wrong).count, 1, wrong)
            }
        }
    }

    func testTheTools() async throws {
        try await BotBench.with { bench in
            let tool = try KeyTool(environment: ["ITERAPP_KEYS": path(bench)])
            let first = try await tool.rotate()
            XCTAssertTrue(first.hasPrefix("The first key, "), first)
            let second = try await tool.rotate()
            XCTAssertTrue(second.contains("the 1 older one opens what was encrypted before"), second)
            let list = try await tool.list().split(separator: "\n")
            XCTAssertEqual(list.count, 2)
            XCTAssertTrue(list[0].hasSuffix("  newest: encrypts and opens"))
            let publicKey = try await tool.publicKey()
            let id = hex(Array(sha256(try P256PublicKey(pem: publicKey).bytes).prefix(8)))
            XCTAssertTrue(list[0].hasPrefix(id))
            XCTAssertThrowsError(try KeyTool(environment: [:]))
        }
    }

    /// An API server with one Secret, that a quicker hand changes before the first write.
    private final class OneSecret: Sendable {
        private let state = Mutex((secret: JSON?.none, version: 1, disturbances: 1))
        var secret: JSON? { state.withLock { $0.secret } }

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            let body = try? JSON.parse(request.body)
            return state.withLock { state in
                func found(_ secret: JSON) -> HTTPResponse {
                    var secret = secret
                    var metadata = secret["metadata"] ?? [:]
                    metadata["resourceVersion"] = .string("\(state.version)")
                    secret["metadata"] = metadata
                    return HTTPResponse(
                        status: 200, headers: ["Content-Type": "application/json"], body: .bytes(secret.bytes))
                }
                switch request.method {
                case "GET": return state.secret.map(found) ?? status(404, "NotFound")
                case "POST" where state.secret == nil:
                    state.secret = body
                    return found(body ?? [:])
                case "PUT" where body?.at("metadata", "resourceVersion")?.string == "\(state.version)"
                    && state.disturbances == 0:
                    state.version += 1
                    state.secret = body
                    return found(body ?? [:])
                default:
                    state.disturbances = 0
                    state.version += 1
                    return status(409, request.method == "POST" ? "AlreadyExists" : "Conflict")
                }
            }
        }

        private func status(_ code: Int, _ reason: String) -> HTTPResponse {
            let body: JSON = ["kind": "Status", "code": .int(code), "reason": .string(reason), "message": "no"]
            return HTTPResponse(
                status: code, headers: ["Content-Type": "application/json"], body: .bytes(body.bytes))
        }
    }

    func testKeysInASecretOfTheCluster() async throws {
        let cluster = OneSecret()
        var settings = HTTPServerSettings()
        settings.port = 0
        let server = HTTPServer(settings) { cluster.answer($0) }
        let port = try server.start()
        try await BotBench.with { bench in
            let kubeconfig = bench.directory.appending(path: "other")
            let text = """
                {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
                "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:\(port)"}}], "users": [{"name": "u", "user": {}}]}
                """
            try Data(text.utf8).write(to: kubeconfig)
            let environment = ["ITERAPP_KEYS": "secret:iterapp/keys", "KUBECONFIG": kubeconfig.path]
            let tool = try KeyTool(environment: environment)
            do {
                _ = try await tool.list()
                XCTFail("there is none")
            } catch {
                XCTAssertEqual(
                    "\(error)", "The Secret iterapp/keys is not there; `iterapp keys rotate` makes it, with the first key.")
            }
            _ = try await tool.rotate()
            let first = try await tool.list()
            _ = try await tool.rotate()
            let list = try await tool.list().split(separator: "\n")
            XCTAssertEqual(list.count, 2)
            XCTAssertTrue(list[1].hasPrefix(first.prefix(16)))
            XCTAssertEqual(cluster.secret?.at("metadata", "namespace"), "iterapp")

            // The service reads them when it starts.
            let lines = Lines()
            let service = try bench.settings(environment)
            let parts = try await ServiceParts(service, log: lines.log)
            XCTAssertNil(parts.keys?.pageKey)
            await parts.keys?.keeper.prepare()
            XCTAssertEqual(parts.keys?.opener.keyring.keys.map { "\($0.id)" }, list.map { String($0.prefix(16)) })
            await parts.close()
        }
        await server.stop(grace: .zero)
    }

    func testARotationCountsWithoutARestart() async throws {
        try await BotBench.with { bench in
            let path = path(bench)
            let tool = try KeyTool(environment: ["ITERAPP_KEYS": path])
            _ = try await tool.rotate()
            let (lines, reload) = (Lines(), Signal())
            let settings = try bench.settings(["ITERAPP_KEYS": path])
            let parts = try await ServiceParts(settings, reload: reload, log: lines.log)
            let keys = try XCTUnwrap(parts.keys)
            let work = Task {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await keys.keeper.run() }
                    group.addTask { await parts.reloads.run() }
                }
            }
            let publicKey = bench.directory.appending(path: "public.pem")
            func encrypted(_ secret: String) async throws -> String {
                try Data(try await tool.publicKey().utf8).write(to: publicKey)
                let order = try EncryptOrder(app: "Cats", scope: "prod", keyFile: publicKey.path, environment: [:])
                return try order.encrypt(Array((secret + "\n").utf8)).trimmingCharacters(in: .newlines)
            }
            let app = AppID(organisation: "iterate", name: "cats")
            let old = try await encrypted("the old secret")
            XCTAssertEqual(try keys.opener.open(old, of: app, for: [.prod]), "the old secret")

            _ = try await tool.rotate()
            reload.fire()
            try await lines.wait(for: "2 keys read; values are encrypted for")
            let new = try await encrypted("the new secret")
            XCTAssertNotEqual(try SealedValue(new).keyID, try SealedValue(old).keyID)
            for (text, secret) in [(old, "the old secret"), (new, "the new secret")] {
                XCTAssertEqual(try keys.opener.open(text, of: app, for: [.common, .prod]), secret)
            }
            // What was opened is in no log from then on.
            parts.basics.log.info("it is the new secret")
            XCTAssertTrue(lines.all.contains("info it is •••"))

            // Its block was lost, as by somebody who made a new file.
            let whole = try Data(contentsOf: URL(filePath: path))
            let oldID = hex(try SealedValue(old).keyID)
            XCTAssertFalse(lines.all.contains { $0.contains("are gone") }, "\(lines.all)")
            let newest = String(decoding: whole, as: UTF8.self).components(separatedBy: "-----END PRIVATE KEY-----\n")[0]
            try Data((newest + "-----END PRIVATE KEY-----\n").utf8).write(to: URL(filePath: path))
            reload.fire()
            try await lines.wait(for: "warning keys that were there before are gone: \(oldID); what is encrypted for")
            try whole.write(to: URL(filePath: path))
            reload.fire()
            try await lines.wait(for: "2 keys read", times: 2)

            try Data("broken".utf8).write(to: URL(filePath: path))
            reload.fire()
            try await lines.wait(for: "encrypted values are opened with the keys known before")
            XCTAssertEqual(try keys.opener.open(old, of: app, for: [.prod]), "the old secret")
            work.cancel()
            await work.value
            await parts.close()
        }
    }

    func testEncryptingRefusesWhatHasNoMeaning() async throws {
        try await BotBench.with { bench in
            let tool = try KeyTool(environment: ["ITERAPP_KEYS": path(bench)])
            _ = try await tool.rotate()
            let key = bench.directory.appending(path: "public.pem").path
            try Data(try await tool.publicKey().utf8).write(to: URL(filePath: key))
            func problem(
                app: String = "cats", scope: String = "common", key: String?, _ input: String = "secret",
                _ environment: [String: String] = [:]
            ) -> String? {
                do {
                    let order = try EncryptOrder(app: app, scope: scope, keyFile: key, environment: environment)
                    _ = try order.encrypt(Array(input.utf8))
                    return nil
                } catch let error as WrongUsage { return error.sentence } catch { return "\(error)" }
            }
            XCTAssertNil(problem(key: key))
            XCTAssertNil(problem(key: nil, "secret", ["ITERAPP_PUBLIC_KEY_FILE": key]))
            XCTAssertEqual(problem(key: key, ""), "There is nothing to encrypt.")
            XCTAssertEqual(problem(key: key, "\n"), "There is nothing to encrypt.")
            XCTAssertEqual(
                problem(scope: "test", key: key), "--scope must be common, prod or build, not test.")
            XCTAssertEqual(problem(app: "a/b/c", key: key)?.contains("--app must be"), true)
            XCTAssertEqual(problem(key: nil)?.contains("`iterapp keys public` prints it"), true)
            XCTAssertEqual(problem(key: path(bench))?.contains("holds private keys"), true)
            XCTAssertEqual(problem(key: "/missing")?.contains("can't be read"), true)
            XCTAssertEqual(problem(key: key, "a\0b")?.contains("is no text"), true)
            XCTAssertEqual(
                problem(key: key, String(repeating: "x", count: EncryptOrder.maxInputBytes))?.contains("is larger than"), true)
        }
    }
}
