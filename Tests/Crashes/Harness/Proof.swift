import Foundation
import JSON
import TestSupport

/// Compares what was promised with what is on disk, in the channel, in the cluster and on GitHub.
struct Proof {
    let stage: CrashStage
    let mail: Mail
    let journal: JournalCopy
    /// The content of each commit's image, by its digits.
    let contents: [String: String]
    /// The newest commit of each app that was pushed to.
    let pushedHeads: [String: String]
    /// Apps that stay registered: what is asked of them works.
    let steadyApps: Set<String>
    private(set) var violations: [String] = []
    private var byID: [Int64: JournalCopy.Operation] = [:]

    init(
        _ stage: CrashStage, _ mail: Mail, _ journal: JournalCopy, contents: [String: String] = [:],
        pushedHeads: [String: String] = [:], steadyApps: Set<String>
    ) {
        (self.stage, self.mail, self.journal) = (stage, mail, journal)
        (self.contents, self.pushedHeads, self.steadyApps) = (contents, pushedHeads, steadyApps)
        byID = Dictionary(uniqueKeysWithValues: journal.operations.map { ($0.id, $0) })
    }

    private mutating func refute(_ holds: Bool, _ sentence: String) {
        if !holds { violations.append(sentence) }
    }

    /// What must hold at any moment, also right after a kill: what was acknowledged is on disk, and nothing is half there.
    mutating func checkPromises() {
        violations += journal.faults
        for order in mail.orders {
            let isThere = journal.has(order.key)
            switch order.fate {
            case .acknowledged(let answer):
                if order.commit != nil {
                    guard let match = answer.firstMatch(of: #/Accepted as operation (\d+)/#), let id = Int64(match.1)
                    else { continue }
                    refute(
                        byID[id]?.kind == "push" && byID[id]?.commit == order.commit,
                        "\(order.key) (\(order.text)) was acknowledged as operation \(id), which is not there")
                } else {
                    refute(isThere, "\(order.key) (\(order.text)) was acknowledged, and is not there")
                }
            case .refused(let answer):
                refute(
                    !isThere || order.commit != nil || answer.contains("is registered already"),
                    "\(order.key) (\(order.text)) was answered with “\(answer.prefix(120))”, and is there")
            case .unanswered: break
            }
        }
    }

    /// What holds once everything has come to its end.
    mutating func checkEnd() async throws {
        checkPromises()
        checkOperations()
        checkPushes()
        let channel = try Channel(of: stage)
        checkMessages(channel)
        checkAnnouncements(channel)
        await checkCluster()
        checkCommitPages()
    }

    // MARK: operations

    private mutating func checkOperations() {
        refute(journal.isQuiet, "something is left: notices \(journal.notices), commit pages \(journal.untold)")
        for operation in journal.operations where !(operation.kind == "push" && operation.state == "superseded") {
            let mayFail = !steadyApps.contains(operation.app) && operation.state == "failed"
            refute(
                operation.state == "succeeded" || mayFail,
                "operation \(operation.id) (\(operation.kind) of \(operation.app)) ended as \(operation.state): "
                    + (operation.failure ?? ""))
        }
        let known = Set(journal.operationsByKey.values)
        let keys = Set(mail.orders.map(\.key))
        refute(
            Set(journal.operationsByKey.keys).isSubset(of: keys), "there are operations that nobody asked for")
        for operation in journal.operations where operation.kind != "push" {
            refute(known.contains(operation.id), "nobody asked for operation \(operation.id) (\(operation.kind))")
        }
        refute(known.count == journal.operationsByKey.count, "two orders became one operation")
    }

    /// Told by a webhook, or seen by a look: each commit once, and the newest was deployed.
    private mutating func checkPushes() {
        let pushes = journal.operations.filter { $0.kind == "push" }
        for (commit, same) in Dictionary(grouping: pushes, by: \.commit) {
            let operations = same.map { "\($0.id) (\($0.state))" }.joined(separator: ", ")
            refute(same.count == 1, "the push of \(commit ?? "no commit") acted more than once: \(operations)")
        }
        for push in pushes {
            refute(contents[push.commit ?? ""] != nil, "operation \(push.id) is about no commit that was pushed")
            let newer = pushes.contains { $0.app == push.app && $0.id > push.id }
            let older = pushes.contains { $0.app == push.app && $0.id < push.id }
            // What was told late was overtaken by one that came before it.
            refute(push.state != "superseded" || newer || older, "push \(push.id) was overtaken by none")
        }
        for (app, latest) in pushedHeads where steadyApps.contains(app) {
            let operation = pushes.first { $0.commit == latest }
            refute(operation?.state == "succeeded", "the newest push to \(app) was \(operation?.state ?? "not seen")")
        }
    }

    // MARK: the channel

    /// Each notice once, in order, and a live message for each operation.
    private mutating func checkMessages(_ channel: Channel) {
        let notices = channel.messages.map(\.notice)
        refute(!notices.contains(nil), "a message that no notice asked for")
        let ids = notices.compactMap { $0 }
        let twice = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        refute(twice.isEmpty, "notices \(twice) were posted more than once")
        refute(ids == ids.sorted(), "the channel is out of order: \(ids)")
        let timestamps = Set(channel.messages.map(\.timestamp))
        var seen: Set<String> = []
        for operation in journal.operations {
            guard let own = operation.timestamp else {
                refute(operation.state == "superseded", "nobody heard of operation \(operation.id)")
                continue
            }
            refute(timestamps.contains(own), "the message of operation \(operation.id) is not in the channel")
            refute(seen.insert(own).inserted, "operation \(operation.id) shares its message")
        }
        for message in channel.messages where !seen.contains(message.timestamp) && !message.isReply {
            let isEnd = message.blocks.contains("release #") || message.text.contains("failed")
            refute(isEnd, "a message that belongs to no operation: \(message.text)")
        }
    }

    /// The live message shows the end; who saw it begin is told of the end once.
    private mutating func checkAnnouncements(_ channel: Channel) {
        let byTimestamp = Dictionary(channel.messages.map { ($0.timestamp, $0) }) { first, _ in first }
        let own = Set(journal.operations.compactMap(\.timestamp))
        let others = channel.messages.filter { !own.contains($0.timestamp) && !$0.isReply }
        var order: [String: [String]] = [:]
        for operation in journal.operations where operation.release != nil && operation.state == "succeeded" {
            let mark = "release #\(operation.release ?? 0) "
            let message = operation.timestamp.flatMap { byTimestamp[$0] }
            refute(
                message?.blocks.contains(mark) ?? false, "the message of operation \(operation.id) does not show its end")
            let about = others.filter { $0.blocks.contains(mark) && $0.blocks.contains(operation.app) }
            let postedAt = message.flatMap { Double($0.timestamp) } ?? 0
            let wanted = postedAt < operation.finishedAt ?? 0 ? 1...1 : 0...1
            refute(wanted.contains(about.count), "the end of operation \(operation.id) is announced \(about.count) times")
            order[operation.lane, default: []] += about.map(\.timestamp)
        }
        for (lane, times) in order { refute(times == times.sorted(), "the ends of \(lane) were told out of order") }
    }

    // MARK: the cluster, and GitHub

    private mutating func checkCluster() async {
        let released = journal.operations.filter { $0.release != nil && $0.state == "succeeded" }
        for (place, operations) in Dictionary(grouping: released, by: { "apps-\($0.app)-\($0.environment ?? "")" }) {
            guard let newest = operations.last else { continue }
            let runs = await stage.cluster.deployed(newest.app, in: place)
            refute(runs?.operation == "\(newest.id)", "\(place) runs what operation \(runs?.operation ?? "none") wanted")
            let content = contents[newest.commit ?? ""] ?? ""
            let digest = QuickBuilder.digest(ofContent: content)
            refute(runs?.image.hasSuffix("@" + digest) ?? false, "\(place) runs \(runs?.image ?? "nothing"), not \(digest)")
        }
    }

    private mutating func checkCommitPages() {
        violations += journal.refused.map { "GitHub refused what it was told of \($0)" }
        for repository in stage.repositories.values {
            let checks = stage.github.checkRuns(of: repository.fullName)
            let ids = checks.map { "\($0["external_id"]?.string ?? "") \($0["name"]?.string ?? "")" }
            refute(Set(ids).count == ids.count, "\(repository.name): two check runs for one operation")
            for check in checks where check["status"] != "completed" {
                violations.append("\(repository.name): the check run of operation \(check["external_id"]?.string ?? "") goes on")
            }
            let deployments = stage.github.deployments(of: repository.fullName)
            let operations = deployments.map { $0.at("payload", "iterapp")?.string ?? "" }
            refute(Set(operations).count == operations.count, "\(repository.name): two deployments for one operation")
            for (deployment, operation) in zip(deployments, operations) {
                let last = deployment["statuses"]?.array?.last?["state"]?.string ?? "none"
                refute(
                    ["success", "inactive", "failure", "error"].contains(last),
                    "\(repository.name): the deployment of operation \(operation) is \(last)")
            }
        }
    }
}
