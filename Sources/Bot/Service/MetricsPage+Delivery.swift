import Deploys

/// How messages get to the workspace.
extension MetricsPage {
    func addOutbox(_ lines: inout [String], _ journal: JournalStatistics) {
        let outbox = journal.outbox
        add(
            &lines, "iterapp_outbox_notices", "gauge", "Notices that wait to be delivered.",
            [("", Double(journal.undeliveredNotices))])
        add(
            &lines, "iterapp_outbox_lanes", "gauge", "Notices that wait to be delivered, by lane.",
            [
                ("{lane=\"edits\"}", Double(outbox.edits)), ("{lane=\"parked\"}", Double(outbox.parked)),
                ("{lane=\"posts\"}", Double(outbox.posts)),
            ])
        let age = journal.oldestUndelivered.map { max(0, now.timeIntervalSince($0)) } ?? 0
        add(
            &lines, "iterapp_outbox_oldest_seconds", "gauge", "Age of the oldest notice that waits.", [("", age)],
            unit: "seconds")
        add(
            &lines, "iterapp_outbox_collapsed", "counter", "States that gave way to newer ones before they were sent.",
            [("_total", Double(outbox.collapsed))])
        let kinds = [Obstacle.Kind.limit, .outage, .refusal]
        add(
            &lines, "iterapp_outbox_obstacles", "gauge", "What keeps notices from being sent, by kind.",
            kinds.map { kind in
                let count = outbox.troubles.count { $0.obstacle.kind == kind }
                return ("{kind=\"\(kind.rawValue)\"}", Double(count))
            })
    }

    func addDeliveries(_ lines: inout [String], _ deliveries: DeliveryCounts.Figures) {
        let kinds = DeliveryCounts.Kind.allCases
        add(
            &lines, "iterapp_deliveries", "counter", "Notices that the workspace took, by kind.",
            kinds.map { ("_total{kind=\"\($0.rawValue)\"}", Double(deliveries.delivered[$0] ?? 0)) })
        // Most pairs never happen.
        let failures = kinds.flatMap { kind in
            DeliveryCounts.Failure.all.compactMap { reason in
                deliveries.failed[kind]?[reason].map {
                    ("_total{kind=\"\(kind.rawValue)\",reason=\"\(reason.name)\"}", Double($0))
                }
            }
        }
        add(
            &lines, "iterapp_delivery_failures", "counter",
            "Notices that the workspace did not take, by kind and reason.", failures)
    }
}
