import Deploys
import Foundation
import JSON
import XCTest

@testable import Bot

final class DatabaseSettingsTests: XCTestCase {
    /// Of an authority that nobody asks.
    private static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBkTCCATegAwIBAgIUDeVf98LfT5OnucJaXbiyqWHNSEEwCgYIKoZIzj0EAwIw
        HTEbMBkGA1UEAwwSYSB0ZXN0J3MgYXV0aG9yaXR5MCAXDTI2MTEyMTE5MjEzMFoY
        DzIxMjYxMDI4MTkyMTMwWjAdMRswGQYDVQQDDBJhIHRlc3QncyBhdXRob3JpdHkw
        WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR7+dUCrDRc+Fo0QLD51jqYnS7LDA6O
        fbi/W0LPyCXpxfRR0E+NdQ6z8UYr2nwqnJOOq0dxhx5BEJZtT11BcpGUo1MwUTAd
        BgNVHQ4EFgQUsRaX1cv5a069TXnm7jQ6aoKVIV8wHwYDVR0jBBgwFoAUsRaX1cv5
        a069TXnm7jQ6aoKVIV8wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
        AiEA5jrUTCIYQvbMfuaXIz8RtFuMMKb6XwL5qpBVvw82VSECIBGbRyO4y63epoKB
        xSclpPcHnJWBxU4G6GlUS/D+Dam5
        -----END CERTIFICATE-----

        """

    private func file(_ bench: BotBench, _ name: String, _ text: String) throws -> String {
        let url = bench.directory.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    func testKindsOfEnvironmentsMayHaveServersOfTheirOwn() async throws {
        try await BotBench.with { bench in
            XCTAssertNil(try bench.settings().databases[.prod])
            let one = try bench.settings(["ITERAPP_POSTGRES_ADMIN_URL_TEST": "postgres://a:secret-of-test@db"])
            XCTAssertNil(one.databases[.prod])
            XCTAssertEqual(one.databases[.test]?.admin.host, "db")
            XCTAssertTrue(one.secrets.contains("secret-of-test"), "it is masked wherever something is told")
            let several = try bench.settings([
                "ITERAPP_POSTGRES_ADMIN_URL": "postgres://a:b@usual", "ITERAPP_POSTGRES_APP_HOST": "inside:6432",
                "ITERAPP_POSTGRES_ADMIN_URL_PROD": "postgres://a:c@big:5433",
                "ITERAPP_POSTGRES_APP_HOST_SNAP": "small",
            ]).databases
            let snap = try XCTUnwrap(EnvironmentName(parsing: "snap3"))
            XCTAssertEqual([.prod, .test, snap].map { several[$0]?.admin.host }, ["big", "usual", "usual"])
            XCTAssertEqual([.prod, .test, snap].map { several[$0]?.appHost }, ["big", "inside", "small"])
            XCTAssertEqual([.prod, .test, snap].map { several[$0]?.appPort }, [5433, 6432, 5432])
        }
    }

    func testAllThatIsWrongIsSaidAndNoPasswordIs() async throws {
        try await BotBench.with { bench in
            XCTAssertThrowsError(try bench.settings([
                "ITERAPP_POSTGRES_ADMIN_URL": "postgres://admin:hunter2@db:port",
                "ITERAPP_POSTGRES_ADMIN_URL_TEST": "postgres://a:hunter2@db?sslrootcert=/nowhere/ca.pem",
                "ITERAPP_POSTGRES_ADMIN_URL_SNAP": "postgres://a:hunter2@%2Frun%2Fpostgresql",
                "ITERAPP_POSTGRES_APP_HOST_PROD": "db:port",
            ])) { error in
                for part in [
                    "ITERAPP_POSTGRES_ADMIN_URL has no number of a port behind its host.",
                    "ITERAPP_POSTGRES_ADMIN_URL_TEST names the file /nowhere/ca.pem as sslrootcert, which can't be read.",
                    "ITERAPP_POSTGRES_ADMIN_URL leads to a socket, which no app can reach: ITERAPP_POSTGRES_APP_HOST or "
                        + "ITERAPP_POSTGRES_APP_HOST_SNAP must say",
                    "ITERAPP_POSTGRES_APP_HOST_PROD has no number of a port behind its host: it must be a host",
                ] {
                    XCTAssertTrue("\(error)".contains("  - \(part)"), "\(part) is not in \(error)")
                }
                XCTAssertFalse("\(error)".contains("hunter2"), "\(error)")
            }
        }
    }

    /// The password goes into the Secret with the bot's other ones, not into the Deployment.
    func testInstallPassesThemOn() throws {
        let order = try InstallOrder(flags: ["image": "i:1", "url": "https://i.example.com"], environment: [
            "ITERAPP_REGISTRY": "r.example.com", "ITERAPP_POSTGRES_APP_HOST": "inside",
            "ITERAPP_POSTGRES_ADMIN_URL_PROD": "postgres://a:hunter2@db",
        ])
        XCTAssertTrue(order.notes.contains("ITERAPP_POSTGRES_ADMIN_URL_PROD as NAME=value"), order.notes)
        XCTAssertTrue(order.list.contains("ITERAPP_POSTGRES_APP_HOST"))
        XCTAssertFalse("\(order.list)\(order.notes)".contains("hunter2"))
        XCTAssertThrowsError(try InstallOrder(
            flags: ["image": "i:1", "url": "https://i.example.com"],
            environment: ["ITERAPP_REGISTRY": "r.example.com", "ITERAPP_POSTGRES_ADMIN_URL": "mysql://x"]))
    }

    /// The URL that names the file is in a Secret, so the file has to be where the URL says.
    func testInstallPassesFilesWithCertificatesOn() async throws {
        try await BotBench.with { bench in
            let (one, two) = (try file(bench, "one.pem", Self.authority), try file(bench, "two.pem", Self.authority))
            func order(_ prod: String, _ test: String = one, only: String? = nil) throws -> InstallOrder {
                var flags = ["image": "i:1", "url": "https://i.example.com"]
                flags["only"] = only
                return try InstallOrder(flags: flags, environment: [
                    "ITERAPP_REGISTRY": "r.example.com",
                    "ITERAPP_POSTGRES_ADMIN_URL_PROD": "postgres://a:hunter2@db?sslmode=verify-full&sslrootcert=\(prod)",
                    "ITERAPP_POSTGRES_ADMIN_URL": "postgres://a:hunter2@db?sslmode=verify-full&sslrootcert=\(test)",
                ])
            }
            let items = try JSON.parse(Array(try order(two).list.utf8))["items"]?.array ?? []
            let map = try XCTUnwrap(items.first { $0.at("metadata", "name")?.string == "iterapp-postgres" })
            XCTAssertEqual(map["data"], [
                "authorities-0.crt": .string(Self.authority), "authorities-1.crt": .string(Self.authority),
            ])
            let pod = try XCTUnwrap(items.first { $0["kind"] == "Deployment" && $0.at("metadata", "name") == "iterapp" })
                .at("spec", "template", "spec")
            let mounts = pod?["containers"]?.array?.first?["volumeMounts"]?.array ?? []
            XCTAssertEqual(mounts.filter { $0["name"] == "postgres" }, [
                ["name": "postgres", "mountPath": .string(one), "subPath": "authorities-0.crt", "readOnly": true],
                ["name": "postgres", "mountPath": .string(two), "subPath": "authorities-1.crt", "readOnly": true],
            ])
            XCTAssertEqual(
                pod?["volumes"]?.array?.filter { $0["name"] == "postgres" },
                [["name": "postgres", "configMap": ["name": "iterapp-postgres"]]])
            // What the image has needs no file, and other parts of an installation need none either.
            let system = "/etc/ssl/certs/ca-certificates.crt"
            XCTAssertFalse(try order(system, system).list.contains("iterapp-postgres"))
            XCTAssertFalse(try order("/nowhere.pem", only: "issuers").list.contains("iterapp-postgres"))
            XCTAssertThrowsError(try order("/nowhere.pem")) { error in
                XCTAssertTrue("\(error)".contains("_PROD names the file /nowhere.pem as sslrootcert, which can't"), "\(error)")
            }
        }
    }

    func testFilesThatHoldNoCertificatesAreSaid() async throws {
        try await BotBench.with { bench in
            let text = try file(bench, "text.pem", "hello")
            let large = try file(bench, "large.pem", String(repeating: "x", count: 600 << 10))
            XCTAssertThrowsError(try bench.settings([
                "ITERAPP_POSTGRES_ADMIN_URL": "postgres://a:hunter2@db?sslrootcert=\(text)",
                "ITERAPP_POSTGRES_ADMIN_URL_TEST": "postgres://a:hunter2@db?sslrootcert=\(large)",
                "ITERAPP_POSTGRES_ADMIN_URL_SNAP": "postgres://a:hunter2@db?sslrootcert=system",
                "ITERAPP_POSTGRES_ADMIN_URL_PROD": "postgres://a:hunter2@db?sslrootcert=ca.pem",
            ])) { error in
                let path = "must name the whole path of a file as sslrootcert, as in "
                    + "sslrootcert=/etc/ssl/certs/ca-certificates.crt"
                for part in [
                    "ITERAPP_POSTGRES_ADMIN_URL names the file \(text) as sslrootcert, which holds no certificate in PEM",
                    "ITERAPP_POSTGRES_ADMIN_URL_TEST names the file \(large) as sslrootcert, which has more than 512 KiB",
                    "ITERAPP_POSTGRES_ADMIN_URL_SNAP \(path): only psql of version 16 and later knows system.",
                    "ITERAPP_POSTGRES_ADMIN_URL_PROD \(path).",
                ] {
                    XCTAssertTrue("\(error)".contains("  - \(part)"), "\(part) is not in \(error)")
                }
            }
            let own = try file(bench, "own.pem", Self.authority)
            let url = "postgres://a:b@db?sslmode=verify-full&sslrootcert=\(own)"
            let server = try bench.settings(["ITERAPP_POSTGRES_ADMIN_URL": url]).databases[.test]
            XCTAssertEqual(server?.admin.sslRootCertificate, own)
        }
    }
}
