import AppFile
import Deploys
import JSON

/// The Job (batch/v1) that runs an appling's release command once, with the new image.
struct ReleaseJob {
    /// Generous for changing a database, and an end for a command that hangs.
    static let activeDeadlineSeconds = 600
    /// Until then, a step that is repeated after a crash finds the Job and does not run the command again.
    static let secondsKeptAfterEnd = 7 * 24 * 3600
    static let containerName = "release"
    private static let component = "release"

    let json: JSON

    /// Nil without a release command.
    init?(_ pod: ApplingPod) {
        let (appling, scope) = (pod.appling, pod.scope)
        guard let command = appling.settings.releaseCommand else { return nil }
        let spec = pod.spec(
            container: Self.containerName,
            ["command": ["/bin/sh", "-c", ContainerWord.verbatim(command)]],
            ["restartPolicy": "Never"])
        let template = pod.templateDigest(spec)
        // A Job's name is a label's value on its pods.
        let suffix = "-\(template)"
        let name =
            ObjectNames.shortened(
                "\(appling.name)-release", maxBytes: ObjectNames.maxLabelBytes - suffix.utf8.count) + suffix
        let annotations: [String: JSON] = [
            ObjectScope.operationAnnotation: .string(scope.release.operation.description),
            ObjectScope.commitAnnotation: .string(scope.release.commit.sha),
        ]
        json = [
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": scope.metadata(name: name, appling: appling, annotations: annotations),
            "spec": [
                // A command that failed half-way is for people to look at, not to repeat.
                "backoffLimit": 0,
                "activeDeadlineSeconds": .int(Self.activeDeadlineSeconds),
                "ttlSecondsAfterFinished": .int(Self.secondsKeptAfterEnd),
                "template": [
                    "metadata": ["labels": .object(scope.labels(ofRun: Self.component))], "spec": spec,
                ],
            ],
        ]
    }
}
