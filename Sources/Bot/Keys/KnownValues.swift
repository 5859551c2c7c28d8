import Deploys
import Kubernetes

/// Opens once what runs in all environments, so that after a restart, too, none of it is read in a log or a message.
struct KnownValues: Sendable {
    private let journal: any Journal
    private let cluster: Reconciler

    init(_ journal: any Journal, _ cluster: Reconciler) {
        self.journal = journal
        self.cluster = cluster
    }

    /// A journal that does not answer is no reason to stop: each roll-out opens its own values.
    func open() async {
        for app in (try? await journal.apps()) ?? [] {
            for environment in EnvironmentName.all {
                guard !Task.isCancelled else { return }
                guard let state = try? await journal.desiredState(of: app.id, in: environment) else { continue }
                cluster.openSecrets(of: state.plan)
            }
        }
    }
}
