import Foundation
import JSON

/// What docs.github.com, "REST API endpoints for check runs", asks of a check run's fields.
enum CheckRunRules {
    static let conclusions = [
        "action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out",
    ]
    static let maxOutputCharacters = 65_535
    static let maxAnnotations = 50
    private static let known: Set = [
        "name", "head_sha", "details_url", "external_id", "status", "started_at", "conclusion", "completed_at", "output",
        "actions",
    ]

    /// - Throws: a refusal with 422 that names every field that is wrong.
    static func check(_ body: JSON, isNew: Bool) throws {
        var problems: [JSON] = []
        func wrong(_ field: String, _ code: String = "invalid") {
            problems.append(["resource": "CheckRun", "field": .string(field), "code": .string(code)])
        }
        for name in (body.object ?? [:]).keys where !known.contains(name) { wrong(name) }
        if isNew || body["name"] != nil, body["name"]?.string?.isEmpty ?? true { wrong("name", "missing_field") }
        if isNew, body["head_sha"]?.string == nil { wrong("head_sha", "missing_field") }
        if !isNew, body["head_sha"] != nil { wrong("head_sha") }
        for name in ["started_at", "completed_at"] where body[name] != nil {
            let moment = body[name]?.string.flatMap { try? Date($0, strategy: .iso8601) }
            if moment == nil { wrong(name) }
        }
        if let url = body["details_url"], !(url.string?.hasPrefix("http") ?? false) { wrong("details_url") }
        checkState(body, wrong)
        if let output = body["output"] { checkOutput(output, isNew: isNew, wrong) }
        checkActions(body["actions"], wrong)
        guard problems.isEmpty else { throw APIRefusal(status: 422, message: "Validation Failed", errors: problems) }
    }

    private static func checkState(_ body: JSON, _ wrong: (String, String) -> Void) {
        let status = body["status"]?.string
        if body["status"] != nil, !["queued", "in_progress", "completed"].contains(status ?? "") {
            wrong("status", "invalid")
        }
        if let conclusion = body["conclusion"] {
            // A conclusion completes the run by itself.
            if !conclusions.contains(conclusion.string ?? "") { wrong("conclusion", "invalid") }
            if status != nil, status != "completed" { wrong("status", "invalid") }
        } else if status == "completed" || body["completed_at"] != nil {
            wrong("conclusion", "missing_field")
        }
    }

    private static func checkOutput(_ output: JSON, isNew: Bool, _ wrong: (String, String) -> Void) {
        if isNew || output["title"] != nil, output["title"]?.string?.isEmpty ?? true {
            wrong("output.title", "missing_field")
        }
        if output["summary"]?.string == nil { wrong("output.summary", "missing_field") }
        for name in ["summary", "text"] where output[name]?.string?.utf8.count ?? 0 > maxOutputCharacters {
            wrong("output.\(name)", "too_long")
        }
        let annotations = output["annotations"]?.array ?? []
        if annotations.count > maxAnnotations { wrong("output.annotations", "too_many") }
        for annotation in annotations { checkAnnotation(annotation, wrong) }
    }

    private static func checkAnnotation(_ annotation: JSON, _ wrong: (String, String) -> Void) {
        if annotation["path"]?.string?.isEmpty ?? true { wrong("annotations.path", "missing_field") }
        let (start, end) = (annotation["start_line"]?.int, annotation["end_line"]?.int)
        if start ?? 0 < 1 { wrong("annotations.start_line", "invalid") }
        if end ?? 0 < start ?? 0 { wrong("annotations.end_line", "invalid") }
        if annotation["start_column"] != nil || annotation["end_column"] != nil, start != end {
            wrong("annotations.start_column", "invalid")
        }
        if !["notice", "warning", "failure"].contains(annotation["annotation_level"]?.string ?? "") {
            wrong("annotations.annotation_level", "invalid")
        }
        let message = annotation["message"]?.string ?? ""
        if message.isEmpty || message.utf8.count > 64 << 10 { wrong("annotations.message", "invalid") }
        if annotation["title"]?.string?.count ?? 0 > 255 { wrong("annotations.title", "too_long") }
        if annotation["raw_details"]?.string?.utf8.count ?? 0 > 64 << 10 { wrong("annotations.raw_details", "too_long") }
    }

    private static func checkActions(_ actions: JSON?, _ wrong: (String, String) -> Void) {
        guard let actions else { return }
        guard let list = actions.array, list.count <= 3 else { return wrong("actions", "too_many") }
        for action in list {
            for (name, limit) in [("label", 20), ("identifier", 20), ("description", 40)] {
                let text = action[name]?.string ?? ""
                if text.isEmpty { wrong("actions.\(name)", "missing_field") }
                if text.count > limit { wrong("actions.\(name)", "too_long") }
            }
        }
    }
}
