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
        let cells = [.string(object.name)] + columns.map { $0.value(object) } + [.string(age(of: object))]
        return [
            "cells": .array(cells),
            "object": [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": object.withoutManagedFields["metadata"] ?? [:],
            ],
        ]
    }

    private func age(of object: JSON) -> String {
        guard let text = object.at("metadata", "creationTimestamp")?.string,
            let created = try? Date(text, strategy: .iso8601)
        else { return "<unknown>" }
        let seconds = max(0, Int(now.timeIntervalSince(created)))
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
        let value: @Sendable (JSON) -> JSON

        /// The value at a path, or `fallback`.
        static func path(
            _ name: String, _ type: String = "string", _ path: String..., or fallback: JSON = "<none>"
        ) -> Column {
            Column(name: name, type: type) { $0.value(at: path) ?? fallback }
        }

        static func text(_ name: String, _ value: @escaping @Sendable (JSON) -> String) -> Column {
            Column(name: name, type: "string") { .string(value($0)) }
        }
    }

    private static let columns: [ResourceKind: [Column]] = [
        .pod: [
            .text("Ready", PodSummary.ready), .text("Status", PodSummary.status),
            Column(name: "Restarts", type: "string") { .string(String(PodSummary.restarts($0))) },
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
        .job: [.text("Completions") { ratio($0, "succeeded", of: "completions") }],
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

    private static func condition(_ type: String, of object: JSON) -> String {
        (object.at("status", "conditions")?.array ?? []).first { $0["type"]?.string == type }?["status"]?
            .string ?? ""
    }
}
