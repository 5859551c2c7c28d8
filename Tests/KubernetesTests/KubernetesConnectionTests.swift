import Foundation
import TestSupport
import XCTest

@testable import Kubernetes

final class KubernetesConnectionTests: XCTestCase {
    private func load(
        _ kubeconfig: String, files: [String: String] = [:]
    ) async throws -> Result<KubernetesConnection, ConnectionError> {
        try await withTemporaryDirectory { directory in
            let path = directory.appendingPathComponent("config")
            try Data(kubeconfig.utf8).write(to: path)
            for (name, text) in files {
                try Data(text.utf8).write(to: directory.appendingPathComponent(name))
            }
            do throws(ConnectionError) {
                return .success(try Kubeconfig(path: path.path).connection())
            } catch {
                return .failure(error)
            }
        }
    }

    private func kubeconfig(cluster: String, user: String, context: String = "b") -> String {
        """
        {"kind": "Config", "apiVersion": "v1", "current-context": "\(context)",
         "contexts": [{"name": "a", "context": {"cluster": "other", "user": "other"}},
                      {"name": "b", "context": {"cluster": "c", "user": "u"}}],
         "clusters": [{"name": "other", "cluster": {"server": "https://wrong"}},
                      {"name": "c", "cluster": \(cluster)}],
         "users": [{"name": "other", "user": {"token": "wrong"}}, {"name": "u", "user": \(user)}]}
        """
    }

    func testCurrentContextWithTokenAndAuthority() async throws {
        let config = kubeconfig(
            cluster: #"{"server": "https://kube.test:6443/", "certificate-authority-data": "LS0tLS1CRUdJTiBDQQ=="}"#,
            user: #"{"token": "secret-token"}"#)
        let connection = try await load(config).get()
        XCTAssertEqual(connection.server, "https://kube.test:6443")
        XCTAssertEqual(connection.credential, .token("secret-token"))
        XCTAssertEqual(connection.tls?.authoritiesPEM, "-----BEGIN CA")
        XCTAssertNil(connection.tls?.certificatePEM)
        for text in ["\(connection)", String(reflecting: connection), "\(connection.credential)"] {
            XCTAssertFalse(text.contains("secret-token"), text)
        }
    }

    /// `kubectl` wants the password there where there is no TLS; sentences name the address.
    func testPasswordInTheAddressIsLeftOut() async throws {
        for (server, wanted) in [
            ("http://iterapp:secret@127.0.0.1:4711", "http://127.0.0.1:4711"),
            ("http://a@b@kube.test/x@y", "http://kube.test/x@y"),
        ] {
            let config = kubeconfig(cluster: #"{"server": "\#(server)"}"#, user: #"{"token": "secret"}"#)
            let connection = try await load(config).get()
            XCTAssertEqual(connection.server, wanted)
            XCTAssertEqual(connection.credential, .token("secret"))
        }
    }

    func testClientCertificateFromDataAndFile() async throws {
        let config = kubeconfig(
            cluster: #"{"server": "https://kube.test", "certificate-authority": "ca.pem"}"#,
            user: #"{"client-certificate": "cert.pem", "client-key-data": "S0VZ"}"#)
        let connection = try await load(config, files: ["ca.pem": "-----BEGIN CA", "cert.pem": "-----BEGIN CERT"]).get()
        XCTAssertEqual(connection.credential, .none)
        XCTAssertEqual(connection.tls?.authoritiesPEM, "-----BEGIN CA")
        XCTAssertEqual(connection.tls?.certificatePEM, "-----BEGIN CERT")
        XCTAssertEqual(connection.tls?.keyPEM, "KEY")
    }

    func testTokenFileBesideTheKubeconfig() async throws {
        let connection = try await load(
            kubeconfig(
                cluster: #"{"server": "http://kube.test"}"#, user: #"{"tokenFile": "t", "token": "old"}"#)
        ).get()
        guard case .tokenFile(let path) = connection.credential else { return XCTFail() }
        XCTAssertTrue(path.hasPrefix("/") && path.hasSuffix("/t"), path)
        XCTAssertNil(connection.tls)
    }

    func testSentencesForWhatCannotWork() async throws {
        let server = #"{"server": "https://kube.test"}"#
        let cases: [(String, String)] = [
            ("apiVersion: v1\nkind: Config\n", "use-context"),
            ("a: b: c", "kubectl config view --raw --flatten"),
            (kubeconfig(cluster: server, user: "{}", context: ""), "use-context"),
            (kubeconfig(cluster: server, user: "{}", context: "z"), "“z”"),
            (kubeconfig(cluster: "{}", user: "{}"), "server URL"),
            (kubeconfig(cluster: server, user: #"{"exec": {"command": "aws"}}"#), "apiVersion"),
            (kubeconfig(cluster: server, user: #"{"auth-provider": {"name": "gcp"}}"#), "gke-gcloud-auth-plugin"),
            (kubeconfig(cluster: server, user: #"{"username": "x", "password": "hush"}"#), "kubectl create token"),
            (kubeconfig(cluster: server, user: #"{"as": "admin"}"#), "acts as somebody else"),
            (kubeconfig(cluster: server, user: #"{"token": 12345}"#), "put it in quotes"),
            (kubeconfig(cluster: server, user: #"{"token": "hush hush"}"#), "copy it again"),
            (kubeconfig(cluster: #"{"server": "kube:6443"}"#, user: "{}"), "https://HOST:PORT"),
            (kubeconfig(cluster: #"{"server": "https://x", "certificate-authority-data": "aHVzaA=="}"#, user: "{}"), "PEM"),
            (
                kubeconfig(
                    cluster: #"{"server": "https://x", "insecure-skip-tls-verify": true}"#, user: "{}"),
                "certificate-authority-data"
            ),
            (
                kubeconfig(cluster: #"{"server": "https://x", "proxy-url": "ftp://hush@p"}"#, user: "{}"),
                "proxy-url"
            ),
            (kubeconfig(cluster: server, user: #"{"client-certificate-data": "QQ=="}"#), "both are needed"),
            (
                kubeconfig(cluster: #"{"server": "https://x", "certificate-authority": "nope"}"#, user: "{}"),
                "nope"
            ),
            (
                kubeconfig(
                    cluster: #"{"server": "https://x", "certificate-authority-data": "%%"}"#, user: "{}"),
                "Base64"
            ),
        ]
        for (config, expected) in cases {
            guard case .failure(let error) = try await load(config) else { return XCTFail(expected) }
            XCTAssertTrue(error.sentence.contains(expected), error.sentence)
            XCTAssertTrue(error.sentence.contains("/config"), error.sentence)
            XCTAssertFalse(error.sentence.contains("hush"), error.sentence)
        }
        XCTAssertThrowsError(try Kubeconfig(path: "/nonexistent/config"))
    }

    func testInCluster() async throws {
        try await withTemporaryDirectory { directory in
            for (name, text) in ["ca.crt": "-----BEGIN CA", "token": "t", "namespace": "iterapp\n"] {
                try Data(text.utf8).write(to: directory.appendingPathComponent(name))
            }
            let variables = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
            let connection = try InClusterConnection.load(environment: variables, directory: directory.path)
            XCTAssertEqual(connection.server, "https://[fd00::1]:443")
            XCTAssertEqual(connection.credential, .tokenFile(directory.path + "/token"))
            XCTAssertEqual(connection.tls?.authoritiesPEM, "-----BEGIN CA")
            XCTAssertEqual(connection.namespace, "iterapp")
            XCTAssertThrowsError(try InClusterConnection.load(environment: [:], directory: directory.path))
            XCTAssertThrowsError(
                try InClusterConnection.load(environment: variables, directory: directory.path + "/none"))
        }
    }
}
