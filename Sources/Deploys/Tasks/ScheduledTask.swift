import Foundation

/// The scheduled tasks of apps, beside the cluster that runs them.
package protocol ScheduledTasks: Sendable {
    /// All tasks of ours that are in the cluster, each time something may be different. Ends with the task that reads
    /// it.
    func snapshots() async -> AsyncStream<[ScheduledTask]>
}

/// A task that the cluster runs at certain times, and how it went last.
package struct ScheduledTask: Hashable, Sendable {
    package struct ID: Hashable, Sendable {
        package let namespace: String
        /// Of the object that starts it.
        package let name: String

        package init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }
    }

    package let id: ID
    /// What people call it: `clean`, or `api-clean` where an app has applings.
    package let label: String
    /// The newest run that is over; nil while there is none.
    package let lastRun: Run?

    package var isFailing: Bool { lastRun?.failure != nil }

    package init(_ id: ID, label: String, lastRun: Run?) {
        self.id = id
        self.label = label
        self.lastRun = lastRun
    }

    package struct Run: Hashable, Sendable {
        /// When it began.
        package let at: Date
        /// Nil when it went well.
        package let failure: TaskFailure?

        package init(at: Date, failure: TaskFailure? = nil) {
            self.at = at
            self.failure = failure
        }
    }
}

/// Why a run of a scheduled task came to nothing.
package struct TaskFailure: Hashable, Codable, Sendable {
    /// What happened.
    package let sentence: String
    /// What else the cluster or the task wrote about it, oldest first; none where the sentence says it all.
    package let lines: [String]

    package init(_ sentence: String, lines: [String] = []) {
        self.sentence = sentence
        self.lines = lines
    }
}
