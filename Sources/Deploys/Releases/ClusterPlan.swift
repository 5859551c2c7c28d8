/// What a cluster is given for one release, in the words of the cluster's adapter: kept in the journal, handed back
/// to put a release in place again, and never read by the domain.
package struct ClusterPlan: Hashable, Codable, Sendable {
    /// Where everything of it goes; no two environments share one.
    package let namespace: String
    package let text: String

    package init(namespace: String, text: String) {
        self.namespace = namespace
        self.text = text
    }
}

/// What an environment shall be like: everything that differs is put right.
package struct DesiredState: Hashable, Sendable {
    package let app: AppID
    package let environment: EnvironmentName
    package let release: Int
    package let plan: ClusterPlan

    package init(app: AppID, environment: EnvironmentName, release: Int, plan: ClusterPlan) {
        self.app = app
        self.environment = environment
        self.release = release
        self.plan = plan
    }
}
