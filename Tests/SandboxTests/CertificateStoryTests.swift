import DNS
import Deploys
import Foundation
import HTTP
import JSON
import Kubernetes
import Synchronization
import TestSupport
import XCTest

/// A domain's way to its certificate, against an API that refuses what a real one refuses. The test is cert-manager.
final class CertificateStoryTests: XCTestCase {
    private static let namespace = "apps-cats-test"
    private static let url = "https://cats.cool/"
    private static let issuer: JSON = ["group": "cert-manager.io", "kind": "ClusterIssuer", "name": "letsencrypt"]

    private final class Stage: Sendable {
        let inventory = ListInventory()
        let address = Mutex("1.2.3.4")
        let clock = Mutex(ContinuousClock.now)
    }

    private static let plan = ClusterPlan(
        namespace: namespace,
        text: String(
            decoding: (["apiVersion": "v1", "kind": "List", "items": [certificate]] as JSON).bytes, as: UTF8.self))

    private static let certificate: JSON = [
        "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
        "metadata": [
            "name": "cats-domains", "namespace": .string(namespace), "labels": ["app.kubernetes.io/managed-by": "iterapp"],
        ],
        "spec": [
            "secretName": "cats-domains-tls", "dnsNames": ["cats.cool", "www.cats.cool"], "issuerRef": issuer,
        ],
    ]

    private static let path = "/apis/cert-manager.io/v1/namespaces/\(namespace)/certificates/cats-domains"

    private func setStatus(_ status: JSON, at path: String, _ api: ClusterAPIHarness) async throws {
        var object = try await api.get(path).json
        object["status"] = status
        let answer = try await api.send("PUT", path + "/status", object)
        XCTAssertEqual(answer.status, 200, answer.text)
    }

    private func create(
        _ kind: String, _ group: String, _ plural: String, owner: JSON, spec: JSON, status: JSON,
        annotations: JSON = [:], _ api: ClusterAPIHarness
    ) async throws -> JSON {
        let collection = "/apis/\(group)/v1/namespaces/\(Self.namespace)/\(plural)"
        let answer = try await api.send("POST", collection, [
            "apiVersion": .string("\(group)/v1"), "kind": .string(kind),
            "metadata": [
                "name": .string("cats-\(plural)"), "namespace": .string(Self.namespace), "annotations": annotations,
                "ownerReferences": [
                    [
                        "apiVersion": owner["apiVersion"] ?? "", "kind": owner["kind"] ?? "", "controller": true,
                        "name": owner.at("metadata", "name") ?? "", "uid": owner.at("metadata", "uid") ?? "",
                    ]
                ],
            ],
            "spec": spec,
        ])
        XCTAssertEqual(answer.status, 201, answer.text)
        try await setStatus(status, at: "\(collection)/cats-\(plural)", api)
        return answer.json
    }

    func testADomainsWayToItsCertificate() async throws {
        let api = try ClusterAPIHarness()
        try await api.makeNamespace(Self.namespace)
        let stage = Stage()
        let client = KubernetesClient(
            KubernetesConnection(server: api.url, credential: .token(ClusterAPIHarness.token)), http: HTTPClient())
        let domains = DomainCheck(
            ingress: try XCTUnwrap(IngressAddress(parsing: "35.195.169.101")), now: { stage.clock.withLock { $0 } }
        ) { kind, name in
            let address = name == "cats.cool" ? stage.address.withLock { $0 } : "1.2.3.4"
            let records = kind == .a ? [DNSRecord(name: name, kind: .a, value: address)] : []
            return .success(DNSAnswer(records: records, exists: true))
        }
        let keeper = CertificateKeeper(client, domains: domains, inventory: stage.inventory)
        let certificates = ClusterCertificates(client, keeper, inventory: stage.inventory, now: { .now })

        // The domain leads elsewhere: nothing is asked for, however often somebody looks.
        for _ in 0..<10 { await certificates.ask(for: Self.plan) }
        let none = try await client.list(.certificates).items
        XCTAssertEqual(none, [])
        var obstacle = await look(client, keeper, domains)
        XCTAssertEqual(
            obstacle, "Waiting for cats.cool to point to 35.195.169.101. Create an A record for cats.cool with "
                + "35.195.169.101 (it has 1.2.3.4 now).")

        // One of two names leads here.
        stage.address.withLock { $0 = "35.195.169.101" }
        stage.clock.withLock { $0 += .seconds(60) }
        await certificates.ask(for: Self.plan)
        let asked = try await api.get(Self.path).json
        XCTAssertEqual(asked.at("spec", "dnsNames"), ["cats.cool"])
        let placed = try await stage.inventory.placedObjects(in: Self.namespace)
        XCTAssertEqual(placed.map(\.uid), [asked.at("metadata", "uid")?.string])

        // cert-manager works on it.
        try await setStatus(["conditions": [
            ["type": "Ready", "status": "False", "reason": "DoesNotExist", "message": "Secret does not exist"],
            ["type": "Issuing", "status": "True", "reason": "DoesNotExist", "message": "Secret does not exist"],
        ]], at: Self.path, api)
        let reason = "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'"
        try await issue(asked, reason, api)
        obstacle = await look(client, keeper, domains)
        XCTAssertEqual(
            obstacle, "Waiting for the certificate of cats.cool: \(reason). Nothing may answer below "
                + "http://cats.cool/.well-known/ instead of the platform.")

        // It is there; what is left is the way to it.
        try await setStatus(
            ["revision": 1, "conditions": [["type": "Ready", "status": "True", "reason": "Ready"]]], at: Self.path, api)
        obstacle = await look(client, keeper, domains)
        XCTAssertEqual(obstacle, "Waiting for cats.cool to accept connections.")

        try await takeAway(certificates, api)
        await api.api.stop(grace: .zero)
    }

    /// What the chain is made of, in the shapes that cert-manager gives it.
    private func issue(_ certificate: JSON, _ reason: String, _ api: ClusterAPIHarness) async throws {
        let request = try await create(
            "CertificateRequest", "cert-manager.io", "certificaterequests", owner: certificate,
            spec: ["request": "AA==", "issuerRef": Self.issuer],
            status: ["conditions": [["type": "Ready", "status": "False", "reason": "Pending", "message": "waits"]]],
            annotations: [
                "cert-manager.io/certificate-name": "cats-domains", "cert-manager.io/certificate-revision": "1",
            ], api)
        let order = try await create(
            "Order", "acme.cert-manager.io", "orders", owner: request,
            spec: ["request": "AA==", "issuerRef": Self.issuer, "dnsNames": ["cats.cool"]],
            status: ["state": "pending"], api)
        _ = try await create(
            "Challenge", "acme.cert-manager.io", "challenges", owner: order,
            spec: [
                "authorizationURL": "https://acme.test/a", "dnsName": "cats.cool", "issuerRef": Self.issuer, "key": "k",
                "solver": ["http01": [:]], "token": "t", "type": "HTTP-01", "url": "https://acme.test/c",
            ],
            status: ["state": "pending", "presented": true, "processing": true, "reason": .string(reason)], api)
    }

    /// Each look is a new probe: answers of the cluster are remembered for two seconds.
    private func look(
        _ client: KubernetesClient, _ keeper: CertificateKeeper, _ domains: DomainCheck
    ) async -> String? {
        let http = HTTPSiteProbe(HTTPClient(), connectTo: { _ in "127.0.0.1:1" })
        return await PublicSiteProbe(http, domains: domains, certificates: keeper, client: client)
            .obstacle(at: Self.url)
    }

    /// Somebody edits the names and then deletes the Certificate: it is asked for again, with what it had.
    private func takeAway(_ certificates: ClusterCertificates, _ api: ClusterAPIHarness) async throws {
        var snapshots = await certificates.snapshots().makeAsyncIterator()
        while let snapshot = await snapshots.next(isolation: nil), snapshot.healths.isEmpty {}
        var edited = try await api.get(Self.path).json
        edited["spec"]?["dnsNames"] = ["evil.cool"]
        let answer = try await api.send("PUT", Self.path + "?fieldManager=kubectl-edit", edited)
        XCTAssertEqual(answer.status, 200, answer.text)
        while let snapshot = await snapshots.next(isolation: nil), snapshot.drifted.isEmpty {}
        await certificates.restore(Self.plan)
        let restored = try await api.get(Self.path).json
        XCTAssertEqual(restored.at("spec", "dnsNames"), ["cats.cool"])
        _ = try await api.send("DELETE", Self.path)
        await certificates.restore(Self.plan)
        let back = try await api.get(Self.path).json
        XCTAssertEqual(back.at("spec", "dnsNames"), ["cats.cool"])
    }
}
