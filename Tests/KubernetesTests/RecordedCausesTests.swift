import JSON
import XCTest

@testable import Kubernetes

/// Many ways to fail, each with one pod, as a real cluster (1.36) told of them after 45 seconds, and what people read.
final class RecordedCausesTests: XCTestCase {
    private struct Expectation {
        let name: String
        /// How long it has to last; nil when only the deadline tells.
        let patience: Duration?
        let sentence: String

        init(_ name: String, _ seconds: Int?, _ sentence: String) {
            self.name = name
            patience = seconds.map { .seconds($0) }
            self.sentence = sentence
        }
    }

    private static let expectations = [
        Expectation(
            "badname", 0,
            "The image of badname has a name that means nothing to a registry: “Bad//Name:1”."),
        Expectation(
            "exec", nil,
            "exec runs, but its health check still fails 20 seconds after its start: the check's "
                + "command fails."),
        Expectation(
            "exit0", 0,
            "exit0 ends by itself with exit code 0, but a server has to keep running (4 starts so "
                + "far)."),
        Expectation(
            "initfail", 0,
            "The init container “migrate” of initfail stops with exit code 4 when it starts (4 "
                + "starts so far)."),
        Expectation(
            "inithang", nil,
            "The init container “wait” of inithang does not come to its end, and inithang cannot "
                + "start before that."),
        Expectation(
            "liveness", 0,
            "liveness is restarted because its liveness check fails: GET /nope on port 8080 "
                + "answers with status 404 (5 starts so far)."),
        Expectation(
            "never", 0,
            "The cluster cannot fetch the image of never (localhost/never:1): Container image "
                + "\"localhost/never:1\" is not present with pull policy of Never."),
        Expectation(
            "noenvfrom", 2,
            "noenvfrom needs the Secret “missing”, which does not exist in the namespace "
                + "cause-probe."),
        Expectation(
            "noexec", 5,
            "The container of noexec cannot be started: exec: \"/nothing\": stat /nothing: no such "
                + "file or directory."),
        Expectation(
            "nokey", 2,
            "nokey needs the key “nope” of the Secret “have” in the namespace cause-probe, and the "
                + "Secret has no such key."),
        Expectation(
            "nomount", 2,
            "nomount needs the Secret “missing”, which does not exist in the namespace "
                + "cause-probe."),
        Expectation(
            "nomountkey", 2,
            "nomountkey needs the key “nats.creds” of the Secret “have” in the namespace "
                + "cause-probe, and the Secret has no such key."),
        Expectation(
            "noregistry", 35,
            "The cluster cannot fetch the image of noregistry (localhost:1/none:1): dial tcp "
                + "127.0.0.1:1: connect: connection refused."),
        Expectation(
            "noshellcmd", 0,
            "noshellcmd cannot be run (exit code 127): its command was not found in the image (4 "
                + "starts so far)."),
        Expectation(
            "notexecutable", 5,
            "The container of notexecutable cannot be started: exec: \"/etc/passwd\": stat "
                + "/etc/passwd: no such file or directory."),
        Expectation(
            "oomchild", 0,
            "oomchild runs out of memory: one of its processes is stopped when they reach its "
                + "limit of 24Mi, and it ends with exit code 1 (4 starts so far)."),
        Expectation(
            "oomkill", 0,
            "oomkill runs out of memory: it is stopped when it reaches its limit of 24Mi (4 starts "
                + "so far)."),
        Expectation(
            "root", 5,
            "The container of root cannot be started: container's runAsUser breaks non-root "
                + "policy."),
        Expectation(
            "sidecarfail", 0,
            "The sidecar “mesh” of sidecarfail stops with exit code 5 when it starts (4 starts so "
                + "far)."),
        Expectation(
            "slowcrash", 0,
            "slowcrash stops with exit code 1 after 8 seconds (3 starts so far)."),
        Expectation(
            "slowprobe", nil,
            "slowprobe runs, but its health check still fails 19 seconds after its start: nothing "
                + "listens on port 8080."),
        Expectation(
            "startup", 0,
            "startup is restarted because its startup check fails: nothing listens on port 9999 (5 "
                + "starts so far)."),
        Expectation(
            "tainted", nil,
            "No machine of the cluster takes tainted: 0/1 nodes are available: 1 node(s) didn't "
                + "match Pod's node affinity/selector."),
    ]

    func testEachHasItsSentence() throws {
        let pods = try Recordings.items("causes.pods.json")
        let events = EventIndex(try Recordings.items("causes.events.json"))
        let deployments = try Recordings.items("causes.deployments.json")
        XCTAssertEqual(deployments.count, Self.expectations.count)
        for expected in Self.expectations {
            let deployment = try XCTUnwrap(
                deployments.first { $0.at("metadata", "name")?.string == expected.name }, expected.name)
            let target = RollOutTarget(deployment, namespace: "cause-probe")
            let own = target.pods(of: deployment, among: pods)
            XCTAssertEqual(own.count, 1, expected.name)
            let found = Diagnosis(of: deployment, pods: own, events: events)
            XCTAssertEqual(target.words.sentence(found), expected.sentence)
            XCTAssertEqual(found.first?.patience, expected.patience, expected.name)
        }
    }
}
