import CLinux

/// What only the start needed. The runtime looks through the whole program for conformances, and half of the program's
/// file stays in memory for it, although what the service does all day needs a part of that only.
enum StartMemory {
    /// Slack and the cluster have answered for the first time by then, and logs were tidied.
    private static let settling = Duration.seconds(1)

    /// Waits until the start is over, and gives it back to the system; what is used again comes back by itself.
    static func release() async {
        do { try await Task.sleep(for: settling) } catch { return }
        linux_release_memory()
    }
}
