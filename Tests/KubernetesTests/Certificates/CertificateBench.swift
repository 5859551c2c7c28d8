import DNS
import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// A scripted cluster, name servers that say what a test wants, and what looks after certificates between them.
final class CertificateBench: Sendable {
    static let namespace = "apps-cats-prod"
    static let path = "/apis/cert-manager.io/v1/namespaces/\(namespace)/certificates/cats-domains"
    static let ours = "35.195.169.101"

    let cluster: ScriptedCluster
    let api: StandInAPI
    let client: KubernetesClient
    let inventory = ListInventory()
    let keeper: CertificateKeeper
    let domains: DomainCheck
    let time = TestTiming()
    /// The A or CNAME records of names; a name without any does not exist.
    let records: Names

    final class Names: Sendable {
        private let state = Mutex((records: [String: [DNSRecord]](), error: DNSError?.none, asked: [String]()))
        var asked: [String] { state.withLock { $0.asked } }
        func point(_ name: String, to address: String) {
            state.withLock { $0.records[name] = [DNSRecord(name: name, kind: .a, value: address)] }
        }
        func delegate(_ name: String, to target: String) {
            state.withLock { $0.records[name] = [DNSRecord(name: name, kind: .cname, value: target)] }
        }
        func fail(_ error: DNSError?) { state.withLock { $0.error = error } }
        func answer(_ kind: DNSRecord.Kind, _ name: String) -> Result<DNSAnswer, DNSError> {
            state.withLock { state in
                state.asked.append(name)
                if let error = state.error { return .failure(error) }
                let known = state.records[name] ?? []
                return .success(
                    DNSAnswer(records: known.filter { $0.kind == kind || $0.kind == .cname }, exists: !known.isEmpty))
            }
        }
    }

    init(intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }) throws {
        let cluster = ScriptedCluster(script: { _, _ in }, intercept: intercept)
        self.cluster = cluster
        api = try StandInAPI { await cluster.handle($0) }
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        var timing = time.timing
        // What happens every few minutes happens in no test; what is a pause takes no time.
        timing.sleep = { if $0 > .seconds(60) { try await Task.sleep(for: .seconds(3_600)) } else { await Task.yield() } }
        client = KubernetesClient(
            KubernetesConnection(server: api.url), http: HTTPClient(), retry: retry, timing: timing)
        let names = Names()
        records = names
        domains = DomainCheck(
            ingress: try XCTUnwrap(IngressAddress(parsing: Self.ours)), delegation: "acme-auth.iterate.no",
            now: time.timing.now
        ) { names.answer($0, $1) }
        keeper = CertificateKeeper(client, domains: domains, inventory: inventory)
    }

    static func with(
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        _ body: (CertificateBench) async throws -> Void
    ) async throws {
        let bench = try CertificateBench(intercept: intercept)
        await bench.cluster.put(["metadata": ["name": "apps-cats-prod"]], at: "/api/v1/namespaces/\(namespace)")
        try await body(bench)
        await bench.api.stop()
    }

    /// A Certificate as releases have it.
    static func certificate(_ hosts: [String], dns01: Bool = false, name: String = "cats-domains") -> JSON {
        var labels: [String: JSON] = ["app.kubernetes.io/managed-by": "iterapp"]
        if dns01 { labels[RoutingObjects.solverLabel] = .string(RoutingObjects.dns01Solver) }
        return [
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace), "labels": .object(labels),
            ],
            "spec": [
                "secretName": .string("\(name)-tls"), "dnsNames": .array(hosts.map(JSON.string)),
                "issuerRef": ["group": "cert-manager.io", "kind": "ClusterIssuer", "name": "letsencrypt"],
            ],
        ]
    }

    func keep(_ hosts: String..., dns01: Bool = false) async -> [String] {
        await keeper.keep([Self.certificate(hosts, dns01: dns01)], in: Self.namespace)
    }

    func ask(_ hosts: String..., dns01: Bool = false) async -> [String] {
        // Answers of name servers are remembered for a few seconds.
        time.advance(.seconds(10))
        return await keeper.ask(for: [Self.certificate(hosts, dns01: dns01)], in: Self.namespace)
    }

    /// The names of the live Certificate; nil when there is none.
    var asked: [String]? {
        get async { await cluster.object(Self.path).map(WantedCertificate.hosts) }
    }

    var applies: Int { api.requests.count { $0.method == "PATCH" } }

    /// cert-manager's part.
    func setStatus(_ status: JSON) async {
        guard var certificate = await cluster.object(Self.path) else { return }
        certificate["status"] = status
        await cluster.put(certificate, at: Self.path)
    }

    static func ready(_ status: String, _ reason: String = "Ready", _ message: String = "") -> JSON {
        ["type": "Ready", "status": .string(status), "reason": .string(reason), "message": .string(message)]
    }
}
