import Foundation
import JSON

/// Where the API takes container logs from: the node.
package protocol PodLogs: Sendable {
    /// The log of one container as text, standard output and error together, in order, each line with its
    /// newline.
    ///
    /// - Parameters:
    ///   - pod: the pod as the store has it.
    ///   - container: one of the pod's containers or init containers; the API has seen to that.
    /// - Throws: 400 when there is no such log: `previous terminated container "c" in pod "p" not found`,
    ///   or `container "c" in pod "p" is waiting to start: ContainerCreating`.
    func log(
        of pod: JSON, container: String, _ options: PodLogOptions
    ) async throws(APIError) -> AsyncThrowingStream<[UInt8], any Error>
}

package struct PodLogOptions: Sendable, Equatable {
    /// The log of the container's run before this one.
    package var previous = false
    /// Only the last lines; nil means all.
    package var tailLines: Int?
    /// Only lines written after this moment.
    package var since: Date?
    /// Begin each line with its time (RFC 3339 with nanoseconds) and a space.
    package var timestamps = false
    /// Go on with new lines until the container ends.
    package var follow = false

    package init() {}
}
