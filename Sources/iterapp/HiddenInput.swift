import Bot
import Foundation

/// Standard input; from a terminal one line, which is not shown.
enum HiddenInput {
    /// - Parameter question: for a terminal.
    static func read(atMost maxBytes: Int, asking question: String) throws(InputProblem) -> [UInt8] {
        guard isatty(STDIN_FILENO) == 1 else { return try bytes(atMost: maxBytes, isLine: false) }
        StandardStream.errors.tryToWrite(question)
        var usual = termios()
        guard tcgetattr(STDIN_FILENO, &usual) == 0 else {
            throw InputProblem("The terminal can't be told to show nothing, so no secret is asked for.")
        }
        var silent = usual
        silent.c_lflag &= ~tcflag_t(ECHO)
        // Ctrl-C would leave the terminal as it is.
        silent.c_lflag &= ~tcflag_t(ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw InputProblem("The terminal can't be told to show nothing, so no secret is asked for.")
        }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual)
            StandardStream.errors.tryToWrite("\n")
        }
        let line = try bytes(atMost: maxBytes, isLine: true)
        // Ctrl-C, as a character.
        guard !line.contains(3) else { throw InputProblem("Nothing was encrypted.") }
        // What was pasted behind the first line is thrown away with the terminal's silence, and read by no shell.
        guard !hasMore, line.count < maxTerminalLineBytes else {
            throw InputProblem(
                "That is more than one line of a terminal can have, so nothing was encrypted; write the secret into a "
                    + "file that only you can read, and give it as standard input: < FILE")
        }
        return line
    }

    /// Linux keeps no more of a line (termios(3), "Canonical and noncanonical mode").
    private static let maxTerminalLineBytes = 4_095
    /// What is pasted comes at once.
    private static let pasteMilliseconds: Int32 = 50

    private static var hasMore: Bool {
        var place = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&place, 1, pasteMilliseconds) > 0 && place.revents & Int16(POLLIN) != 0
    }

    private static func bytes(atMost maxBytes: Int, isLine: Bool) throws(InputProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < maxBytes, !(isLine && bytes.last == UInt8(ascii: "\n")) {
            let count = Foundation.read(STDIN_FILENO, &part, min(part.count, maxBytes - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw InputProblem("Standard input can't be read: \(String(cString: strerror(errno))).")
            }
            if count == 0 { break }
            bytes += part.prefix(count)
        }
        return bytes
    }
}
