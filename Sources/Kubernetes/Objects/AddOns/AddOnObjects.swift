import Deploys
import JSON

/// What an add-on is in the app's namespace, besides the Secret that the service keeps for it.
struct AddOnObjects {
    let rendering: Rendering

    init(_ addOn: AddOn, scope: ObjectScope, options: RenderOptions) {
        let objects =
            switch addOn.kind {
            case .redis: RedisObjects(addOn, scope: scope, options: options).objects
            // A role on the operator's server, an account there: nothing of them runs in the namespace.
            case .postgres, .nats: [JSON]()
            }
        rendering = Rendering(
            objects,
            omissions: [
                "The Secret \(addOn.name) is not among these objects: the service makes it once and keeps it, and "
                    + "the applings refer to it."
            ])
    }
}
