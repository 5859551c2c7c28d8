import Deploys
import JSON

/// What a release looks like in Kubernetes.
package enum KubernetesObjects {
    /// The release's objects, and what developers should know about them. The same release gives the same
    /// objects, to the byte.
    ///
    /// Secrets that the service makes once and keeps are not among them: applings refer to those by name.
    /// - Throws: `RenderError` when a name is too long or a setting contradicts itself.
    package static func render(
        _ release: Release, _ options: RenderOptions = RenderOptions()
    ) throws(RenderError) -> Rendering {
        try ObjectNames.check(release)
        let scope = ObjectScope(release: release)
        let routing = RoutingObjects(scope: scope, options: options)
        var rendering = NamespaceObjects(scope: scope, options: options).rendering
        for addOn in release.addOns {
            rendering += AddOnObjects(addOn, scope: scope, options: options).rendering
        }
        for appling in release.applings {
            rendering += try ApplingObjects(appling, scope: scope, options: options).rendering
            rendering += routing.objects(for: appling)
        }
        rendering.objects = ApplyStage.sorted(rendering.objects)
        try ObjectNames.checkDistinct(rendering.objects)
        return rendering
    }

    /// Objects as the one object that `kubectl apply -f` takes.
    package static func list(_ objects: [JSON]) -> JSON {
        ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    }
}
