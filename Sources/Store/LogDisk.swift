import Dispatch

/// Where the files of logs are read and written: a disk may take its time, and not on the threads that everybody
/// shares.
enum LogDisk {
    /// For readers, who wait for it.
    static let reading = DispatchQueue(label: "iterapp.build-logs")
    /// For packing and making room, for which nobody waits.
    static let tidying = DispatchQueue(label: "iterapp.build-logs.tidying", qos: .utility)

    static func on<T: Sendable>(_ queue: DispatchQueue, _ work: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
