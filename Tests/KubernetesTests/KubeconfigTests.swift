import Foundation
import HTTP
import TestSupport
import XCTest

@testable import Kubernetes

/// Kubeconfigs as tools write them, several at once, and contexts.
final class KubeconfigTests: XCTestCase {
    private static let pem = Data("-----BEGIN CERTIFICATE-----\n".utf8).base64EncodedString()

    private func withFiles(_ files: [String: String], _ body: (URL) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            for (name, text) in files {
                let file = directory.appendingPathComponent(name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            try await body(directory)
        }
    }

    private func find(_ paths: [String], context: String? = nil) throws -> KubernetesConnection {
        var environment = ["KUBECONFIG": paths.joined(separator: ":"), "SLACK_BOT_TOKEN": "hush", "HOME": "/root"]
        environment["ITERAPP_KUBE_CONTEXT"] = context
        return try KubernetesConnection.find(environment: environment)
    }

    private func sentence(_ paths: [String], context: String? = nil) -> String {
        do {
            return "no error but \(try find(paths, context: context))"
        } catch {
            return (error as? ConnectionError)?.sentence ?? "\(error)"
        }
    }

    /// As `kind get kubeconfig` prints it.
    private let kind = """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: \(pem)
            server: https://127.0.0.1:41235
          name: kind-kind
        contexts:
        - context:
            cluster: kind-kind
            user: kind-kind
          name: kind-kind
        current-context: kind-kind
        kind: Config
        preferences: {}
        users:
        - name: kind-kind
          user:
            client-certificate-data: \(pem)
            client-key-data: \(pem)
        """

    /// As `aws eks update-kubeconfig` writes it.
    private let eks = """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: \(pem)
            server: https://ABC.gr7.eu-north-1.eks.amazonaws.com
          name: arn:aws:eks:eu-north-1:1234:cluster/cats
        contexts:
        - context:
            cluster: arn:aws:eks:eu-north-1:1234:cluster/cats
            namespace: "apps"
            user: arn:aws:eks:eu-north-1:1234:cluster/cats
          name: arn:aws:eks:eu-north-1:1234:cluster/cats
        current-context: arn:aws:eks:eu-north-1:1234:cluster/cats
        kind: Config
        users:
        - name: arn:aws:eks:eu-north-1:1234:cluster/cats
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1beta1
              args:
              - --region
              - eu-north-1
              - eks
              - get-token
              command: aws
              env:
              - name: AWS_PROFILE
                value: prod
              interactiveMode: IfAvailable
              provideClusterInfo: false
        """

    func testAsToolsWriteThem() async throws {
        try await withFiles(["kind": kind, "eks": eks]) { directory in
            let local = try find([directory.path + "/kind"])
            XCTAssertEqual(local.server, "https://127.0.0.1:41235")
            XCTAssertEqual(local.tls?.certificatePEM, "-----BEGIN CERTIFICATE-----\n")
            XCTAssertNil(local.namespace)
            let cloud = try find([directory.path + "/eks"])
            XCTAssertEqual(cloud.namespace, "apps")
            guard case .exec(let plugin) = cloud.credential else { return XCTFail("\(cloud)") }
            XCTAssertEqual(plugin.command, "aws")
            XCTAssertEqual(plugin.arguments, ["--region", "eu-north-1", "eks", "get-token"])
            XCTAssertEqual(plugin.environment["AWS_PROFILE"], "prod")
            XCTAssertEqual(plugin.environment["HOME"], "/root")
            XCTAssertNil(plugin.environment["SLACK_BOT_TOKEN"], "our secrets are not the program's business")
            XCTAssertFalse("\(cloud)\(String(reflecting: cloud))\(plugin)".contains("get-token"))
        }
    }

    func testTheFirstOfSeveralFilesCounts() async throws {
        let first = """
            current-context: mine
            contexts: [{name: mine, context: {cluster: shared, user: me}}]
            users: [{name: me, user: {tokenFile: token}}]
            """
        let second = """
            current-context: theirs
            contexts:
            - {name: theirs, context: {cluster: shared, user: me, namespace: ns}}
            - {name: mine, context: {cluster: none, user: none}}
            clusters: [{name: shared, cluster: {server: "https://kube:6443", certificate-authority: ca.pem}}]
            users: [{name: me, user: {token: other}}]
            """
        try await withFiles(["a/one": first, "b/two": second, "b/ca.pem": "-----BEGIN CA"]) { directory in
            let paths = ["", directory.path + "/a/one", directory.path + "/none", directory.path + "/b/two"]
            let mine = try find(paths)
            XCTAssertEqual(mine.credential, .tokenFile(directory.path + "/a/token"), "relative to its own file")
            XCTAssertEqual(mine.tls?.authoritiesPEM, "-----BEGIN CA")
            XCTAssertEqual(mine.tlsFiles.authority, directory.path + "/b/ca.pem")
            XCTAssertNil(mine.namespace)
            let theirs = try find(paths, context: "theirs")
            XCTAssertEqual(theirs.namespace, "ns")
            XCTAssertEqual(theirs.credential, mine.credential)
            let refusal = sentence(paths, context: "nobodys")
            XCTAssertTrue(refusal.contains("“nobodys”, which ITERAPP_KUBE_CONTEXT names; it has mine, theirs"), refusal)
        }
    }

    func testWhatEveryClusterMaySay() async throws {
        let config = """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters:
            - name: c
              cluster:
                server: https://10.0.0.1:6443/prefix/
                tls-server-name: kube.internal
                proxy-url: socks5://me:hush@proxy:1080
            users: [{name: u, user: {token: t}}]
            """
        try await withFiles(["config": config]) { directory in
            let connection = try find([directory.path + "/config"])
            XCTAssertEqual(connection.server, "https://10.0.0.1:6443/prefix")
            XCTAssertEqual(connection.tls, HTTPClientTLS(serverName: "kube.internal"))
            XCTAssertEqual(connection.proxy, "socks5://me:hush@proxy:1080")
            XCTAssertFalse("\(connection)".contains("hush"))
        }
    }

    func testSentencesNameFileAndPlace() async throws {
        let files = [
            "tab": "a:\n\tb: c", "list": "- a", "twice": "contexts: [{name: a}, {name: a}]", "empty": "",
            "user": "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: "
                + "[{name: c, cluster: {server: 'https://x'}}]",
            "secret": "users:\n- name: x\n  user:\n    token: hush: hush",
        ]
        try await withFiles(files) { directory in
            let wanted = [
                "tab": "line 2, column 1: a tab must not indent", "list": "must be a mapping",
                "twice": "“a” is there twice", "empty": "no current context", "user": "no user named “u”",
                "secret": "line 4, column 12",
            ]
            for (name, part) in wanted {
                let sentence = sentence([directory.path + "/" + name])
                XCTAssertTrue(sentence.contains(part) && sentence.contains("/\(name)"), sentence)
                XCTAssertFalse(sentence.contains("hush"), sentence)
            }
            XCTAssertTrue(sentence([directory.path]).contains("cannot be read"), sentence([directory.path]))
            XCTAssertTrue(sentence([directory.path + "/none"]).contains("is not there"))
        }
        XCTAssertThrowsError(try KubernetesConnection.find(environment: ["ITERAPP_KUBE_CONTEXT": "x"])) {
            XCTAssertTrue(($0 as? ConnectionError)?.sentence.contains("KUBECONFIG is not set") == true)
        }
    }

    func testExpiryIsRead() throws {
        let payload = Data(#"{"exp":1700000000}"#.utf8).base64EncodedString().replacing("=", with: "")
        XCTAssertEqual(TokenExpiry.of("e30.\(payload).sig"), Date(timeIntervalSince1970: 1_700_000_000))
        for other in ["", "abc", "a.b.c", "e30.%.x", "....", "e30.e30.x"] { XCTAssertNil(TokenExpiry.of(other), other) }
        for wrong in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "-----END CERTIFICATE-----"] {
            XCTAssertNil(CertificateExpiry.of(wrong), wrong)
        }
    }
}
