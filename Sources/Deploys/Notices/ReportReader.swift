/// Gives out what people were told.
package protocol ReportReader: Sendable {
    /// The newest live report of an operation; nil when there is none.
    func report(on operation: OperationID) async throws(JournalError) -> Report?
}
