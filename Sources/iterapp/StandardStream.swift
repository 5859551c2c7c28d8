import Bot
import Foundation

/// Standard output or standard error, written at once and to the end.
struct StandardStream {
    static let output = StandardStream(descriptor: STDOUT_FILENO)
    static let errors = StandardStream(descriptor: STDERR_FILENO)

    private let descriptor: Int32

    /// - Throws: when not all of it could be written: a full disk must not look like success.
    func write(_ text: String) throws(InputProblem) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw InputProblem("The output could not be written: \(String(cString: strerror(errno))).")
            }
            bytes = bytes.dropFirst(count)
        }
    }

    /// For messages: if nobody can be told, nobody can be told that either.
    func tryToWrite(_ text: String) { try? write(text) }
}
