import Deploys
import Foundation
import HTTP
import Kubernetes
import Store

/// What looks after domains, certificates and scheduled tasks, wired.
struct SiteParts: Sendable {
    let keeper: CertificateKeeper
    let probe: PublicSiteProbe
    let certificates: ClusterCertificates
    let tasks: TaskMonitor
    private let journal: SQLiteJournal
    private let now: @Sendable () -> Date

    init(
        _ settings: Settings, _ client: KubernetesClient, _ http: HTTPClient, _ journal: SQLiteJournal,
        mask: SecretMask, now: @escaping @Sendable () -> Date
    ) {
        let domains = settings.cluster.ingressAddress.map {
            DomainCheck(ingress: $0, delegation: settings.cluster.acmeDelegation)
        }
        keeper = CertificateKeeper(client, domains: domains, inventory: journal)
        probe = PublicSiteProbe(HTTPSiteProbe(http), domains: domains, certificates: keeper, client: client)
        certificates = ClusterCertificates(client, keeper, inventory: journal, now: now)
        let naming = settings.rendering.naming
        tasks = TaskMonitor(client, now: now) { mask.of(namespace: $0, naming) }
        self.journal = journal
        self.now = now
    }

    func watcher(_ signals: Signals, _ log: Log) -> SiteWatcher {
        SiteWatcher(
            journal: journal, sites: probe, certificates: certificates, signals: signals, now: now, log: log)
    }

    func reporter(_ naming: Naming, _ signals: Signals, _ log: Log) -> CertificateReporter {
        CertificateReporter(
            journal: journal, certificates: certificates, naming: naming, signals: signals, now: now, log: log)
    }

    func taskReporter(_ naming: Naming, _ signals: Signals, _ log: Log) -> TaskReporter {
        TaskReporter(journal: journal, tasks: tasks, naming: naming, signals: signals, now: now, log: log)
    }
}
