import AppFile
import Deploys
import Foundation
import JSON

/// A CronJob (batch/v1) that calls an appling at certain times, and the Secret with what the call says in its
/// headers.
struct CronJobObjects {
    let objects: [JSON]

    /// CronJobs give their Jobs names that are 11 characters longer
    /// (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#job-name).
    private static let maxNameBytes = 52
    /// A run takes 50 s at most (three tries of 10 s, 10 s apart); the rest is for fetching the image.
    private static let activeDeadlineSeconds = 120
    /// A run that could not begin in time, because the cluster was busy, is made up for so long.
    private static let startingDeadlineSeconds = 600
    private static let headersDirectory = "/var/run/iterapp/http-task"
    private static let headersKey = "headers"
    static let component = "cronjob"
    static let containerName = "http-task"

    init(
        _ job: CronJob, of appling: ReleasedAppling, scope: ObjectScope, options: RenderOptions
    ) throws(RenderError) {
        let name = ObjectNames.shortened("\(appling.name)-\(job.name)", maxBytes: Self.maxNameBytes)
        let secret = try Self.headersSecret(of: job, named: name, appling, scope)
        let template: JSON = [
            "metadata": ["labels": .object(Self.labels(scope))],
            "spec": Self.podSpec(job, calling: appling, headers: secret, scope, options),
        ]
        let cronJob: JSON = [
            "apiVersion": "batch/v1", "kind": "CronJob",
            "metadata": scope.metadata(name: name, appling: appling),
            "spec": [
                "schedule": .string(job.schedule),
                // Otherwise times are the control plane's own.
                "timeZone": "Etc/UTC",
                "concurrencyPolicy": "Forbid",
                "startingDeadlineSeconds": .int(Self.startingDeadlineSeconds),
                "successfulJobsHistoryLimit": 1, "failedJobsHistoryLimit": 3,
                "jobTemplate": [
                    "metadata": ["labels": .object(Self.labels(scope))],
                    "spec": [
                        // `http-task` tries again by itself.
                        "backoffLimit": 0,
                        "activeDeadlineSeconds": .int(Self.activeDeadlineSeconds),
                        "template": template,
                    ],
                ],
            ],
        ]
        objects = (secret.map { [$0] } ?? []) + [cronJob]
    }

    /// Without the label that says that we manage them: the CronJob does, and we neither watch nor prune
    /// them.
    private static func labels(_ scope: ObjectScope) -> [String: JSON] {
        var labels = scope.labels(ofRun: component)
        labels[ObjectScope.managedBy.key] = nil
        return labels
    }

    private static func podSpec(
        _ job: CronJob, calling appling: ReleasedAppling, headers: JSON?, _ scope: ObjectScope,
        _ options: RenderOptions
    ) -> JSON {
        var arguments = ["--url", "http://\(appling.name)\(job.path)", "--method", job.method]
        if headers != nil { arguments += ["--headers-file", "\(headersDirectory)/\(headersKey)"] }
        let mount: JSON = ["name": "headers", "mountPath": .string(headersDirectory), "readOnly": true]
        let container: JSON = .compact([
            "name": .string(containerName),
            "image": .string(options.programImage),
            "imagePullPolicy": "IfNotPresent",
            "command": ["iterapp", "http-task"],
            "args": .array(arguments.map(ContainerWord.verbatim)),
            "resources": ["requests": ["cpu": "10m", "memory": "32Mi"]],
            "securityContext": PodSecurity.restrictedContainer,
            "volumeMounts": headers == nil ? nil : [mount],
        ])
        return .compact([
            "restartPolicy": "Never",
            "serviceAccountName": .string(scope.serviceAccountName),
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "containers": [container],
            "volumes": headers?.at("metadata", "name").map {
                [["name": "headers", "secret": ["secretName": $0]]]
            },
        ])
    }

    /// One `Name: value` per line; nil without any header. Its name depends on its content, so that calls of
    /// the last good version keep theirs while a new one is rolled out.
    private static func headersSecret(
        of job: CronJob, named name: String, _ appling: ReleasedAppling, _ scope: ObjectScope
    ) throws(RenderError) -> JSON? {
        guard !job.headers.isEmpty else { return nil }
        for header in job.headers where "\(header.name)\(header.value)".contains(where: \.isNewline) {
            throw RenderError(
                "The header \(header.name) of the job \(job.name) of \(appling.name) has more than one line; "
                    + "a header's value is a single line.")
        }
        let lines = job.headers.map { "\($0.name): \($0.value)\n" }.joined()
        let data: JSON = [headersKey: .string(Data(lines.utf8).base64EncodedString())]
        return [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": scope.metadata(name: "\(name)-headers-\(data.digest)", appling: appling),
            "type": "Opaque", "data": data,
        ]
    }
}
