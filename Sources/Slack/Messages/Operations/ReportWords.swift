import Deploys
import Foundation

/// The words of a message about an operation: what it is, how far it is, what is known of it.
struct ReportWords {
    let report: Report
    var operation: Deploys.Operation { report.operation }
    var app: String { Mrkdwn.words(report.appLabel) }

    init(_ report: Report) { self.report = report }

    var emoji: String {
        switch report.phase {
        case .queued: "⏳"
        case .preparing: "🔎"
        case .building: "🔨"
        case .applying, .rollingOut: "🚀"
        case .waitingForSites: "🌐"
        case .registered: "👋"
        case .deregistered: "💤"
        case .built: "📦"
        case .live: "✅"
        case .failed: "❌"
        case .superseded: "⏭️"
        case .certificateTrouble: "🔓"
        case .certificateRecovered: "🔒"
        case .taskFailed: "⏰"
        case .taskRecovered: "🆗"
        case .puttingBack: "↩️"
        case .interrupted: "⏸️"
        case .repaired: "🔧"
        case .repositoryNews: "🗂️"
        case .awaitingApproval: "✋"
        case .cancelled, .declined: "🚫"
        case .lapsed: "⌛"
        }
    }

    /// One line without formatting, for notifications and screen readers.
    var headline: String { headline(EnvironmentWords.name) }

    /// One line of mrkdwn on which production stands out.
    var badgedHeadline: String { "\(emoji) *\(headline(EnvironmentWords.badge))*" }

    private func headline(_ name: (EnvironmentName) -> String) -> String {
        let environment = operation.environment.map(name) ?? "?"
        let deed = deed(environment)
        return switch report.phase {
        case .registered: "\(app) is registered"
        case .deregistered: "\(app) is deregistered"
        case .built: "\(app) is built"
        case .live(let sites) where sites.contains { $0.waitingFor != nil }: "\(app) is rolled out to \(environment)"
        case .live: "\(app) is live on \(environment)"
        case .failed(let failure): "\(failedDeed(failure, environment)) failed"
        case .superseded(nil): "Push to \(app) dropped"
        case .superseded: "Push to \(app) overtaken"
        case .certificateTrouble(let trouble): "\(app) on \(environment): \(words(of: trouble.kind))"
        case .certificateRecovered: "\(app) on \(environment): its certificate is in order again"
        case .taskFailed(let task, _, _): "\(app) on \(environment): the task \(Mrkdwn.words(task)) fails"
        case .taskRecovered(let task, _): "\(app) on \(environment): the task \(Mrkdwn.words(task)) works again"
        case .repaired: "\(app) on \(environment) was changed, and put right"
        case .repositoryNews(_, _, let count?): "The repositories of \(count) apps"
        case .repositoryNews: "The repository of \(app)"
        case .awaitingApproval: "\(deed) needs a second person"
        case .cancelled: "\(deed) was cancelled"
        case .declined: "\(deed) was declined"
        case .lapsed: "\(deed) was not approved in time"
        case .queued, .preparing, .building, .applying, .rollingOut, .interrupted, .puttingBack, .waitingForSites: deed
        }
    }

    private func deed(_ environment: String) -> String {
        switch operation.kind {
        case .register: "Registering \(app)"
        case .deregister: "Deregistering \(app)"
        case .build: "Building \(app)"
        case .deploy: "Deploying \(app) to \(environment)"
        case .repository: "The repository of \(app)"
        case .repair: "Putting \(app) on \(environment) right"
        case .push: operation.environment == nil ? "Building \(app)" : "Deploying \(app) to \(environment)"
        }
    }

    private func failedDeed(_ failure: Failure, _ environment: String) -> String {
        guard failure.stage == .build || failure.stage == .settings, operation.kind != .register
        else { return deed(environment) }
        let isForEnvironment = operation.environment != nil && operation.kind != .build
        return "Building \(app)" + (isForEnvironment ? " for \(environment)" : "")
    }

    private func words(of trouble: CertificateTrouble.Kind) -> String {
        switch trouble {
        case .failing: "a certificate could not be issued"
        case .invalid: "a certificate is not valid any more"
        case .expiring: "a certificate is about to expire"
        }
    }
}
