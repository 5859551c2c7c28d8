import Deploys
import JSON

/// Everything that runs an appling, without what leads to it from outside.
struct ApplingObjects {
    let rendering: Rendering

    init(_ appling: ReleasedAppling, scope: ObjectScope, options: RenderOptions) throws(RenderError) {
        let environment = EnvironmentObjects(appling, scope: scope)
        let pod = ApplingPod(appling, environment, scope: scope, options: options)
        var rendering = Rendering(environment.secret.map { [$0] } ?? [], omissions: environment.omissions)
        rendering.objects += ServiceObjects(appling, scope: scope).objects
        rendering.objects += ReleaseJob(pod).map { [$0.json] } ?? []
        rendering.objects.append(try DeploymentObject(pod).json)
        rendering.objects += Availability.budget(pod).map { [$0] } ?? []
        rendering.objects +=
            MetricsObjects(appling).podMonitor(scope: scope, options: options).map { [$0] } ?? []
        for job in appling.settings.cronJobs {
            rendering.objects += try CronJobObjects(job, of: appling, scope: scope, options: options).objects
        }
        if !appling.settings.cronJobs.isEmpty, options.programImage == RenderOptions.usualProgramImage {
            rendering.warnings.append(
                "The scheduled requests of \(appling.name) run \(options.programImage), which no cluster can fetch "
                    + "from a registry: the operator names the image in ITERAPP_IMAGE.")
        }
        self.rendering = rendering
    }
}
