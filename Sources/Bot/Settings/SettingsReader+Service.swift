import Deploys
import Foundation
import Kubernetes
import Store

/// What only the service needs: secrets, addresses, and where things are kept.
extension SettingsReader {
    mutating func slack() -> Settings.Slack {
        let logChannel = text("ITERAPP_LOG_CHANNEL") ?? "#iterapp-logs"
        let others = (text("ITERAPP_COMMAND_CHANNELS") ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        for channel in [logChannel] + others.filter({ $0 != ChannelPolicy.direct })
        where !channel.hasPrefix("#") && !channel.hasPrefix("C") && !channel.hasPrefix("G") {
            problems.append("\(channel) is no channel: write #name, or the channel's id (C…).")
        }
        let appID = text("SLACK_APP_ID")
        if let appID, !appID.hasPrefix("A") || !appID.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            problems.append("SLACK_APP_ID must be the app's id (A…); it is on your Slack app's page.")
        }
        return Settings.Slack(
            signingSecret: required(
                "SLACK_SIGNING_SECRET", "it is on your Slack app's page under Basic Information"),
            botToken: required("SLACK_BOT_TOKEN", "it is on your Slack app's page under OAuth & Permissions"),
            appID: appID, apiURL: url("SLACK_API_URL") ?? "https://slack.com/api/", client: signIn(),
            channels: ChannelPolicy(logChannel: logChannel, commandChannels: others))
    }

    mutating func retention() -> RetentionLimits {
        var limits = RetentionLimits()
        limits.logDays = whole("ITERAPP_LOG_DAYS", default: limits.logDays, in: 1...Self.maxDays)
        limits.historyDays = whole(
            "ITERAPP_HISTORY_DAYS", default: limits.historyDays, in: RetentionLimits.minHistoryDays...Self.maxDays)
        limits.auditDays = whole(
            "ITERAPP_AUDIT_DAYS", default: limits.auditDays, in: RetentionLimits.minAuditDays...Self.maxDays)
        return limits
    }

    private static let maxDays = 36_500

    mutating func source() -> Settings.Source {
        let value = text("ITERAPP_SOURCE") ?? "github"
        if value == "github" { return .github }
        guard value.hasPrefix("dir:"), value.count > 4 else {
            problems.append("ITERAPP_SOURCE must be github, or dir:PATH with a folder of repositories.")
            return .github
        }
        let path = String(value.dropFirst(4))
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) || !isFolder.boolValue {
            problems.append("ITERAPP_SOURCE names \(path), which is no folder.")
        }
        return .directory(path)
    }

    mutating func cluster() -> Settings.Cluster {
        var cluster = Settings.Cluster(
            connection: connection(), ingressAddress: ingressAddress(), acmeDelegation: acmeDelegation())
        cluster.policy.putsBackFailed = flag("ITERAPP_PUT_BACK", default: cluster.policy.putsBackFailed)
        return cluster
    }

    private mutating func ingressAddress() -> IngressAddress? {
        guard let value = text("ITERAPP_INGRESS_ADDRESS") else { return nil }
        if let address = IngressAddress(parsing: value) { return address }
        problems.append(
            "ITERAPP_INGRESS_ADDRESS must be an address or a name that domains point to, or several separated by "
                + "commas, as in 35.195.169.101,2001:db8::1; not \(value).")
        return nil
    }

    private mutating func acmeDelegation() -> String? {
        guard let value = text("ITERAPP_ACME_DELEGATION") else { return nil }
        let target = IngressAddress(parsing: value)
        if let target, target.addresses.isEmpty, target.names.count == 1 { return target.names[0] }
        problems.append(
            "ITERAPP_ACME_DELEGATION must be the name that _acme-challenge records lead to, as in "
                + "acme-auth.example.com; not \(value).")
        return nil
    }

    private mutating func connection() -> KubernetesConnection {
        do throws(ConnectionError) {
            return try KubernetesConnection.find(environment: environment)
        } catch {
            problems.append(error.sentence)
            return KubernetesConnection(server: "")
        }
    }
}
