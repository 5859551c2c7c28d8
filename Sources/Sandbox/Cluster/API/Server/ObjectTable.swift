import Foundation
import JSON

/// Objects as rows and columns, for `kubectl get`
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables).
struct ObjectTable: Sendable {
    private let kind: ResourceKind
    private let now: Date

    init(_ kind: ResourceKind, _ now: Date) {
        self.kind = kind
        self.now = now
    }

    func table(_ objects: [JSON], metadata: JSON = [:]) -> JSON {
        let columns = Self.columns[kind] ?? []
        let all = [("Name", "string")] + columns.map { ($0.name, $0.type) } + [("Age", "string")]
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
            "columnDefinitions": .array(
                all.map { name, type in
                    [
                        "name": .string(name), "type": .string(type),
                        "format": name == "Name" ? "name" : "", "description": "", "priority": 0,
                    ]
                }),
            "rows": .array(objects.map { row($0, columns) }),
        ]
    }

    private func row(_ object: JSON, _ columns: [Column]) -> JSON {
        let cells =
            [.string(object.name)] + columns.map { $0.value(object, now) } + [.string(age(of: object))]
        return [
            "cells": .array(cells),
            "object": [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": object.withoutManagedFields["metadata"] ?? [:],
            ],
        ]
    }

    private func age(of object: JSON) -> String {
        Self.time(since: object.at("metadata", "creationTimestamp"), until: now) ?? "<unknown>"
    }

    /// Between two times in RFC 3339, in a unit that leaves two or three digits; nil without a beginning.
    private static func time(since start: JSON?, until end: Date) -> String? {
        guard let start = start?.string.flatMap({ try? Date($0, strategy: .iso8601) }) else { return nil }
        let seconds = max(0, Int(end.timeIntervalSince(start)))
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<7_200: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3_600)h"
        default: return "\(seconds / 86_400)d"
        }
    }

    // MARK: Columns

    struct Column: Sendable {
        let name: String
        let type: String
        /// From the object and the time of now.
        let value: @Sendable (JSON, Date) -> JSON

        /// The value at a path, or `fallback`.
        static func path(
            _ name: String, _ type: String = "string", _ path: String..., or fallback: JSON = "<none>"
        ) -> Column {
            Column(name: name, type: type) { object, _ in object.value(at: path) ?? fallback }
        }

        static func text(_ name: String, _ value: @escaping @Sendable (JSON) -> String) -> Column {
            Column(name: name, type: "string") { object, _ in .string(value(object)) }
        }

        /// How long ago the time at a path was.
        static func age(_ name: String, _ path: String...) -> Column {
            Column(name: name, type: "string") { object, now in
                .string(time(since: object.value(at: path), until: now) ?? "<none>")
            }
        }
    }

    private static let columns: [ResourceKind: [Column]] = [
        .pod: [
            .text("Ready", PodSummary.ready), .text("Status", PodSummary.status),
            .text("Restarts") { String(PodSummary.restarts($0)) },
        ],
        .deployment: [
            .text("Ready") { ratio($0, "readyReplicas", of: "replicas") },
            .path("Up-to-date", "integer", "status", "updatedReplicas", or: 0),
            .path("Available", "integer", "status", "availableReplicas", or: 0),
        ],
        .replicaSet: [
            .path("Desired", "integer", "spec", "replicas", or: 0),
            .path("Current", "integer", "status", "replicas", or: 0),
            .path("Ready", "integer", "status", "readyReplicas", or: 0),
        ],
        .job: [
            .text("Status", jobStatus), .text("Completions") { ratio($0, "succeeded", of: "completions") },
            Column(name: "Duration", type: "string") { job, now in
                let end = job.at("status", "completionTime")?.string
                    .flatMap { try? Date($0, strategy: .iso8601) }
                return .string(time(since: job.at("status", "startTime"), until: end ?? now) ?? "")
            },
        ],
        .cronJob: [
            .path("Schedule", "string", "spec", "schedule"), .path("Timezone", "string", "spec", "timeZone"),
            .text("Suspend") { $0.at("spec", "suspend")?.bool == true ? "True" : "False" },
            Column(name: "Active", type: "integer") { cronJob, _ in
                .int(cronJob.at("status", "active")?.array?.count ?? 0)
            },
            .age("Last Schedule", "status", "lastScheduleTime"),
        ],
        .podDisruptionBudget: [
            .text("Min Available") { $0.at("spec", "minAvailable").map(share) ?? "N/A" },
            .text("Max Unavailable") { $0.at("spec", "maxUnavailable").map(share) ?? "N/A" },
            .path("Allowed Disruptions", "integer", "status", "disruptionsAllowed", or: 0),
        ],
        .service: [
            .path("Type", "string", "spec", "type"), .path("Cluster-IP", "string", "spec", "clusterIP"),
            .text("Port(s)") { service in
                (service.at("spec", "ports")?.array ?? []).map {
                    "\($0["port"]?.int ?? 0)/\($0["protocol"]?.string ?? "TCP")"
                }.joined(separator: ",")
            },
        ],
        .namespace: [.path("Status", "string", "status", "phase")],
        .secret: [.path("Type", "string", "type"), .text("Data") { String($0["data"]?.object?.count ?? 0) }],
        .configMap: [.text("Data") { String($0["data"]?.object?.count ?? 0) }],
        .certificate: [
            .text("Ready") { condition("Ready", of: $0) }, .path("Secret", "string", "spec", "secretName"),
        ],
        .httpRoute: [.text("Hostnames") { ($0.at("spec", "hostnames") ?? []).text }],
        .event: [
            .path("Type", "string", "type"), .path("Reason", "string", "reason"),
            .text("Object") {
                let object = $0["involvedObject"]
                return "\((object?["kind"]?.string ?? "").lowercased())/\(object?["name"]?.string ?? "")"
            },
            .path("Message", "string", "message"),
        ],
    ]

    private static func ratio(_ object: JSON, _ field: String, of wanted: String) -> String {
        "\(object.at("status", field)?.int ?? 0)/\(object.at("spec", wanted)?.int ?? 0)"
    }

    private static func share(_ value: JSON) -> String { value.string ?? value.text }

    private static func jobStatus(_ job: JSON) -> String {
        let conditions = Conditions(job.at("status", "conditions"))
        return ["Complete", "Failed", "Suspended", "FailureTarget"].first(where: conditions.isTrue)
            ?? "Running"
    }

    private static func condition(_ type: String, of object: JSON) -> String {
        (object.at("status", "conditions")?.array ?? []).first { $0["type"]?.string == type }?["status"]?
            .string ?? ""
    }
}
