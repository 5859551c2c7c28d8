import Foundation
import Store
import TestSupport

/// `iterapp serve` as it is shipped, with a Slack that takes every message and without a cluster: every command waits
/// in the queue.
struct IterappServer: Sendable {
    let server: IntakeServer
    private let directory: URL

    /// - Parameter history: what is in its journal already; nil for a few apps.
    init(in parent: URL, slackPort: Int, history: LongHistory) async throws {
        directory = parent.appending(path: UUID().uuidString, directoryHint: .isDirectory)
        let state = directory.appending(path: "state", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        let empty = try await SQLiteJournal.open(state)
        await empty.close()
        try history.write(into: state)
        let kubeconfig = directory.appending(path: "kubeconfig")
        try Data(LoadServer.kubeconfig.utf8).write(to: kubeconfig)
        let environment = [
            "ITERAPP_STATE_DIR": state.path, "ITERAPP_SOURCE": "dir:\(directory.path)", "ITERAPP_BUILDER": "docker",
            "SLACK_SIGNING_SECRET": IntakeServer.secret, "SLACK_BOT_TOKEN": "xoxb-benchmark",
            "SLACK_API_URL": "http://127.0.0.1:\(slackPort)/api/", "KUBECONFIG": kubeconfig.path,
            "HOME": directory.path,
        ]
        server = try await IntakeServer(
            "Iterapp, durable", mark: "Deploying", program: DemoProcess.binary.path, { _ in ["serve"] },
            environment: environment, listenVariable: "ITERAPP_LISTEN", directory: directory)
    }

    func stop() async {
        await server.stop()
        try? FileManager.default.removeItem(at: directory)
    }
}
