import Foundation

/// What is known of a registered app without asking anybody: what runs where, and how it is.
package struct AppStatus: Hashable, Sendable {
    package let app: App
    /// `cats`, or `org/cats`.
    package let label: String
    /// The team that it belongs to, if a policy says so.
    package let team: String?
    /// prod, test, snap0 … snap9: those that have a release, an operation under way, or a last operation that failed.
    package let environments: [EnvironmentStatus]

    package init(app: App, label: String, team: String?, environments: [EnvironmentStatus]) {
        self.app = app
        self.label = label
        self.team = team
        self.environments = environments
    }
}

package struct EnvironmentStatus: Hashable, Sendable {
    package let environment: EnvironmentName
    /// What people reach there; nil before the first deploy.
    package let release: LiveRelease?
    /// The number of the release before it, to roll back to.
    package let previousRelease: Int?
    /// Nil while nothing is known: the service has just started, or the cluster does not answer.
    package let pods: ReadyPods?
    package let certificate: CertificateStatus
    package let sites: [Site]
    /// Its scheduled tasks, as far as they are known.
    package let tasks: [ScheduledTask]
    package let tasksSeen: Sighting
    /// Its newest operation that has not ended.
    package let underWay: Operation?
    /// Its newest operation, when that one failed after the release went live.
    package let failed: Operation?

    package init(
        environment: EnvironmentName, release: LiveRelease?, previousRelease: Int?, pods: ReadyPods?,
        certificate: CertificateStatus, sites: [Site], tasks: [ScheduledTask] = [], tasksSeen: Sighting = .now,
        underWay: Operation?, failed: Operation?
    ) {
        self.environment = environment
        self.release = release
        self.previousRelease = previousRelease
        self.pods = pods
        self.certificate = certificate
        self.sites = sites
        self.tasks = tasks
        self.tasksSeen = tasksSeen
        self.underWay = underWay
        self.failed = failed
    }
}

/// A release that went live.
package struct LiveRelease: Hashable, Sendable {
    package let number: Int
    package let commit: Commit
    package let buildNumber: Int?
    package let revision: Revision?
    package let since: Date
    /// Who or what deployed it.
    package let trigger: Trigger

    package init(
        number: Int, commit: Commit, buildNumber: Int?, revision: Revision?, since: Date, trigger: Trigger
    ) {
        self.number = number
        self.commit = commit
        self.buildNumber = buildNumber
        self.revision = revision
        self.since = since
        self.trigger = trigger
    }
}

/// Of all applings together.
package struct ReadyPods: Hashable, Sendable {
    package let ready: Int
    package let wanted: Int
    package init(ready: Int, wanted: Int) {
        self.ready = ready
        self.wanted = wanted
    }
}

package enum CertificateStatus: Hashable, Sendable {
    /// Nothing is known, or none is needed.
    case unknown
    case inOrder
    /// A sentence: what is waited for, or what is wrong.
    case waiting(String)
    case trouble(String)
}
