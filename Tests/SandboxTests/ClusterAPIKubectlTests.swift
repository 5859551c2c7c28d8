import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox

/// What the real `kubectl` makes of the embedded API.
final class ClusterAPIKubectlTests: XCTestCase {
    private struct Kubectl {
        let config: String
        let home: String

        func run(_ arguments: String..., input: JSON? = nil) async throws -> (code: Int32, text: String) {
            var run = ProgramRun("kubectl", arguments, timeLimit: .seconds(60))
            run.environment = ["KUBECONFIG": config, "HOME": home, "KUBECTL_COMMAND_HEADERS": "false"]
            run.input = input?.bytes ?? []
            let result = try await run.run()
            let text = String(decoding: result.output + result.errorOutput, as: UTF8.self)
            return (result.exitCode, text)
        }
    }

    private func withKubectl(_ body: (Kubectl, ClusterAPIHarness) async throws -> Void) async throws {
        let version = ProgramRun("kubectl", ["version", "--client"], timeLimit: .seconds(20))
        do {
            _ = try await version.run()
        } catch ProgramError.notFound {
            throw XCTSkip("kubectl is not installed, so nothing shows that it understands the embedded API")
        }
        let api = try ClusterAPIHarness()
        try await withTemporaryDirectory { directory in
            let config = directory.appending(path: "config")
            try Data(try XCTUnwrap(api.api.kubeconfig()).bytes).write(to: config)
            try await body(Kubectl(config: config.path, home: directory.path), api)
        }
        await api.api.stop()
    }

    func testRoundTrip() async throws {
        try await withKubectl { kubectl, api in
            try await api.makeNamespace()
            let object = try Recording.json("apply-deployment.request.json")
            let applied = try await kubectl.run(
                "apply", "--server-side", "-f", "-", input: object)
            XCTAssertEqual(applied.code, 0, applied.text)
            XCTAssertTrue(applied.text.contains("deployment.apps/cats serverside-applied"), applied.text)

            _ = try await api.store.create(
                .pod,
                [
                    "metadata": ["name": "cats-1", "namespace": "apps-cats-test"],
                    "spec": ["containers": [["name": "cats", "image": "i"]]],
                ], by: "tests")
            let table = try await kubectl.run("get", "pods,deploy", "-A")
            XCTAssertEqual(table.code, 0, table.text)
            XCTAssertTrue(table.text.contains("pod/cats-1"), table.text)
            XCTAssertTrue(table.text.contains("deployment.apps/cats"), table.text)
            XCTAssertTrue(table.text.contains("0/2"), table.text)

            let logs = try await kubectl.run("logs", "-n", "apps-cats-test", "cats-1")
            XCTAssertEqual(logs.text, "migrating\ndone\n")
            let scaled = try await kubectl.run("scale", "-n", "apps-cats-test", "deploy/cats", "--replicas=5")
            XCTAssertEqual(scaled.code, 0, scaled.text)
            let patched = try await kubectl.run(
                "patch", "-n", "apps-cats-test", "deploy/cats", "-p",
                #"{"spec":{"template":{"spec":{"containers":[{"name":"cats","#
                    + #""env":[{"name":"V","value":"2"}]}]}}}}"#
            )
            XCTAssertEqual(patched.code, 0, patched.text)
            let json = try await kubectl.run("get", "deploy/cats", "-n", "apps-cats-test", "-o", "json")
            let live = try JSON.parse(json.text)
            XCTAssertEqual(live.at("spec", "replicas"), 5)
            let container = live.at("spec", "template", "spec", "containers")?[0]
            XCTAssertEqual(container?["env"], [["name": "V", "value": "2"]])
            XCTAssertEqual(container?["image"], "docker.io/library/t1:latest")

            let described = try await kubectl.run("get", "ns", "apps-cats-test", "-o", "name")
            XCTAssertEqual(described.text, "namespace/apps-cats-test\n")
            let deleted = try await kubectl.run(
                "delete", "deploy/cats", "-n", "apps-cats-test", "--wait=true", "--timeout=20s")
            XCTAssertEqual(deleted.code, 0, deleted.text)
            let gone = try await kubectl.run("get", "deploy/cats", "-n", "apps-cats-test")
            XCTAssertEqual(gone.code, 1)
            XCTAssertTrue(
                gone.text.contains(#"Error from server (NotFound): deployments.apps "cats" not found"#),
                gone.text)
        }
    }

    func testShowsTasksBudgetsAndMonitors() async throws {
        try await withKubectl { kubectl, api in
            try await api.makeNamespace()
            let job: JSON = ["template": ["spec": [
                "restartPolicy": "Never", "containers": [["name": "c", "image": "i"]],
            ]]]
            func object(_ kind: ResourceKind, _ spec: JSON) -> JSON {
                [
                    "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind), "spec": spec,
                    "metadata": ["name": "clean", "namespace": "apps-cats-test"],
                ]
            }
            let selector: JSON = ["matchLabels": ["a": "b"]]
            let list: JSON = [
                "apiVersion": "v1", "kind": "List", "items": [
                    object(.job, job),
                    object(.cronJob, ["schedule": "*/5 * * * *", "timeZone": "Etc/UTC", "jobTemplate": ["spec": job]]),
                    object(.podDisruptionBudget, ["maxUnavailable": "25%", "selector": selector]),
                    object(.podMonitor, ["selector": selector, "podMetricsEndpoints": [["port": "http"]]]),
                ],
            ]
            let applied = try await kubectl.run("apply", "--server-side", "--validate=false", "-f", "-", input: list)
            XCTAssertEqual(applied.code, 0, applied.text)
            let shown = try await kubectl.run("get", "job,cj,pdb,pmon", "-n", "apps-cats-test")
            let lines = shown.text.split(separator: "\n").map { line in
                line.split(separator: "  ", omittingEmptySubsequences: true)
                    .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
                    .joined(separator: "|").replacing(#/\|\d+s$/#, with: "")
            }
            XCTAssertEqual(lines, [
                "NAME|STATUS|COMPLETIONS|DURATION|AGE", "job.batch/clean|Running|0/1",
                "NAME|SCHEDULE|TIMEZONE|SUSPEND|ACTIVE|LAST SCHEDULE|AGE",
                "cronjob.batch/clean|*/5 * * * *|Etc/UTC|False|0|<none>",
                "NAME|MIN AVAILABLE|MAX UNAVAILABLE|ALLOWED DISRUPTIONS|AGE",
                "poddisruptionbudget.policy/clean|N/A|25%|0", "NAME|AGE",
                "podmonitor.monitoring.coreos.com/clean",
            ])
        }
    }

    func testCreatesAndShowsWhatIsWrong() async throws {
        try await withKubectl { kubectl, _ in
            func object(_ kind: String, _ metadata: JSON, _ more: [String: JSON] = [:]) -> JSON {
                let head: [String: JSON] = ["apiVersion": "v1", "kind": .string(kind), "metadata": metadata]
                return .object(head.merging(more) { _, new in new })
            }
            let created = try await kubectl.run(
                "create", "-f", "-", input: object("Namespace", ["name": "cats"]))
            XCTAssertEqual(created.code, 0, created.text)
            let secret = try await kubectl.run(
                "apply", "-f", "-",
                input: object("Secret", ["name": "env", "namespace": "cats"], ["stringData": ["A": "1"]]))
            XCTAssertEqual(secret.code, 0, secret.text)
            let value = try await kubectl.run("get", "secret/env", "-n", "cats", "-o", "jsonpath={.data.A}")
            XCTAssertEqual(value.text, "MQ==")
            let invalid = try await kubectl.run(
                "create", "-f", "-", input: object("Namespace", ["name": "Not_A_Name"]))
            XCTAssertEqual(invalid.code, 1)
            XCTAssertTrue(invalid.text.contains("metadata.name: Invalid value: \"Not_A_Name\""), invalid.text)
            let listed = try await kubectl.run("get", "all", "-n", "cats")
            XCTAssertTrue(listed.text.contains("No resources found in cats namespace."), listed.text)
        }
    }

    /// As a failed deploy advises, word by word.
    func testCreatesASecretFromItsCommandLine() async throws {
        try await withKubectl { kubectl, _ in
            let namespace = try await kubectl.run("create", "namespace", "dogs")
            XCTAssertEqual(namespace.text, "namespace/dogs created\n")
            let secret = try await kubectl.run(
                "create", "secret", "generic", "db-keys", "--namespace", "dogs", "--from-literal=password=p\"w$ø",
                "--from-literal=empty=")
            XCTAssertEqual(secret.text, "secret/db-keys created\n")
            let value = try await kubectl.run("get", "secret/db-keys", "-n", "dogs", "-o", "jsonpath={.data}")
            XCTAssertEqual(value.text, #"{"empty":"","password":"cCJ3JMO4"}"#)
            let again = try await kubectl.run("create", "namespace", "dogs")
            XCTAssertEqual(again.code, 1)
            XCTAssertTrue(again.text.contains("already exists"), again.text)
        }
    }
}
