import Foundation
import JSON

/// Rules of Jobs and CronJobs (https://kubernetes.io/docs/concepts/workloads/controllers/job/).
enum JobRules {
    /// A Job's name is the CronJob's, a hyphen and ten digits of time; names of pods are made of that.
    static let maxCronJobNameCharacters = 52

    static func jobErrors(in job: JSON) -> [FieldError] {
        let spec = job["spec"] ?? [:]
        var errors = specErrors(in: spec, "spec")
        let labels = spec.at("template", "metadata", "labels") ?? [:]
        let selector = spec["selector"] ?? [:]
        if !LabelSelector(selector: selector).matches((labels.object ?? [:]).compactMapValues(\.string)) {
            errors.append(
                .invalid(
                    "spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
        }
        let own: JSON = ["matchLabels": [Allocation.jobUIDLabel: .string(job.uid)]]
        if spec["manualSelector"]?.bool != true, selector != own {
            errors.append(.invalid("spec.selector", selector, "`selector` not auto-generated"))
        }
        return errors
    }

    static func cronJobErrors(in cronJob: JSON) -> [FieldError] {
        let job = cronJob.at("spec", "jobTemplate", "spec") ?? [:]
        let path = "spec.jobTemplate.spec"
        var errors = specErrors(in: job, path) + timeZoneErrors(in: cronJob)
        if cronJob.name.utf8.count > maxCronJobNameCharacters {
            errors.append(
                .invalid(
                    "metadata.name", .string(cronJob.name),
                    "must be no more than \(maxCronJobNameCharacters) characters"))
        }
        if let selector = job["selector"] {
            errors.append(.invalid("\(path).selector", selector, "`selector` will be auto-generated"))
        }
        if job["manualSelector"]?.bool == true {
            errors.append(.unsupported("\(path).manualSelector", true, supported: ["false"]))
        }
        return errors
    }

    private static func specErrors(in spec: JSON, _ path: String) -> [FieldError] {
        var errors: [FieldError] = []
        if spec.at("template", "spec", "restartPolicy") == "Always" {
            errors.append(
                .required("\(path).template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""))
        }
        if spec["completionMode"] == "Indexed", spec["completions"] == nil {
            errors.append(.required("\(path).completions", "when completion mode is Indexed"))
        }
        return errors
    }

    private static func timeZoneErrors(in cronJob: JSON) -> [FieldError] {
        guard let zone = cronJob.at("spec", "timeZone")?.string else { return [] }
        func error(_ sentence: String) -> [FieldError] {
            [.invalid("spec.timeZone", .string(zone), sentence)]
        }
        if zone.isEmpty { return error("timeZone must be nil or non-empty string") }
        if zone.lowercased() == "local" {
            return error(
                "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        }
        return TimeZone(identifier: zone) == nil ? error("unknown time zone \(zone)") : []
    }
}
