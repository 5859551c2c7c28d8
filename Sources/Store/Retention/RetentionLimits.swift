import typealias Foundation.TimeInterval

/// How long what is kept.
package struct RetentionLimits: Sendable, Equatable {
    /// No shorter than deliveries are repeated and messages edited.
    package static let minHistoryDays = 60
    /// The tables themselves keep so much.
    package static let minAuditDays = 366

    package var historyDays = 365
    package var auditDays = 1_095
    package var logDays = 90

    package init() {}

    static func seconds(_ days: Int) -> TimeInterval { Double(days) * 24 * 3_600 }
}

/// What was removed since the start.
package struct RetentionFigures: Sendable, Equatable {
    package var operations = 0
    package var auditLines = 0
    package var logs = 0
    package init() {}
}
