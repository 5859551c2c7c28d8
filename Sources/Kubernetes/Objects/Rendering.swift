import JSON

/// A release as Kubernetes objects.
package struct Rendering: Sendable, Equatable {
    /// In the order in which they need each other.
    package var objects: [JSON]
    /// Sentences for the app's developers: what was asked for and will not be so.
    package var warnings: [String]
    /// Sentences for whoever reads the objects: what a deploy adds to them. To a deploy they say nothing.
    package var omissions: [String]

    package init(_ objects: [JSON] = [], warnings: [String] = [], omissions: [String] = []) {
        self.objects = objects
        self.warnings = warnings
        self.omissions = omissions
    }

    /// The objects for somebody to read: encrypted values stand where the values will be.
    package var shownObjects: [JSON] { objects.map(SealedVariables.shown) }

    static func += (left: inout Rendering, right: Rendering) {
        left.objects += right.objects
        left.warnings += right.warnings
        left.omissions += right.omissions
    }
}
