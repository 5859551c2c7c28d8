import Foundation
import JSON

/// Certificate → `Ready`. The demo answers over plain HTTP, so there is nothing to issue; it says so.
struct CertificateController {
    let certificate: JSON
    let now: Date

    func plan() -> ControllerPlan {
        guard !certificate.isBeingDeleted else { return .nothing }
        var conditions = Conditions(certificate.at("status", "conditions"))
        let isCurrent = conditions["Ready"]?["observedGeneration"]?.int == certificate.generation
        guard !isCurrent || !conditions.isTrue("Ready") else { return .nothing }
        let since = conditions.isTrue("Ready") ? conditions["Ready"]?["lastTransitionTime"] : nil
        conditions.remove("Ready")
        var changed = certificate
        changed.set(.array(conditions.items + [[
            "type": "Ready", "status": "True", "reason": "Ready",
            "message": "The demo's own issuer answers for every name; nothing was signed.",
            "observedGeneration": .int(certificate.generation),
            "lastTransitionTime": since ?? .string(ObjectStore.timestamp(now)),
        ]]), at: "status", "conditions")
        changed.set(.int(1), at: "status", "revision")
        return ControllerPlan(actions: [.updateStatus(.certificate, changed)])
    }
}
