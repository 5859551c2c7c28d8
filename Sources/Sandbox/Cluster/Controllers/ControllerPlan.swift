import Foundation
import JSON

/// What a controller wants done about one object. Controllers only compute this; `ControllerLoop` does it.
package struct ControllerPlan: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        case create(ResourceKind, JSON)
        /// Everything but the status; refused when the object changed since it was read.
        case update(ResourceKind, JSON)
        /// The status and the annotations; refused when the object changed since it was read.
        case updateStatus(ResourceKind, JSON)
        /// Only the object with that uid.
        case delete(ResourceKind, JSON)
        case event(EventNote)
    }

    package var actions: [Action] = []
    /// Nothing will change by then that a watch would tell; look again.
    package var checkAgain: Date?

    static let nothing = ControllerPlan()

    mutating func checkAgain(at date: Date) {
        checkAgain = min(checkAgain ?? date, date)
    }
}

/// Something worth telling people about an object; becomes a Kubernetes `Event`.
package struct EventNote: Sendable, Equatable {
    package enum Severity: String, Sendable { case normal = "Normal", warning = "Warning" }

    /// The object, or as much of it as names it: apiVersion, kind and metadata.
    package var about: JSON
    package var severity: Severity
    package var reason: String
    package var message: String
    /// `deployment-controller`, `kubelet`, …
    package var component: String
    /// `spec.containers{cats}` when it is about one container.
    package var fieldPath: String?

    package init(
        about: JSON, _ severity: Severity, _ reason: String, _ message: String, component: String,
        fieldPath: String? = nil
    ) {
        self.about = about
        self.severity = severity
        self.reason = reason
        self.message = message
        self.component = component
        self.fieldPath = fieldPath
    }
}
