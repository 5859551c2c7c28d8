import Deploys
import Glibc
import JSON
import Subprocess

/// What `buildctl build --progress=rawjson` writes to standard error, as log lines in the format of
/// `--progress=plain`, as it comes and whatever pieces it comes in.
///
/// Each line is a `SolveStatus`; behind a failure come lines of plain text: an excerpt of the Dockerfile, and
/// `error: …` (BuildKit, cmd/buildctl/main.go).
struct RawProgress {
    private(set) var record = BuildRecord()
    private var steps: RawSteps
    private var line: [UInt8] = []
    private var isLineTooLong = false
    private let maxOutputBytes: Int
    private var outputBytes = 0
    /// Of output that is too much: the last, for the failure's sentence.
    private var unread: [ArraySlice<UInt8>] = []

    /// A longer line is skipped; BuildKit sends output in pieces of 32 KiB and gathers them for a tenth of a second.
    static let maxLineBytes = 16 << 20
    /// What steps print (as it comes, in base64) beyond it is left out. No log keeps more.
    static let usualMaxOutputBytes = 24 << 20
    private static let maxUnreadLines = BuildRecord.maxTailLines
    private static let logPrefix = Array(#"{"logs":["#.utf8)

    /// - Parameter firstNumber: of the first step.
    init(firstNumber: Int = 1, maxOutputBytes: Int = usualMaxOutputBytes) {
        steps = RawSteps(firstNumber: firstNumber)
        self.maxOutputBytes = maxOutputBytes
    }

    /// Of a step that would begin now.
    var nextNumber: Int { steps.nextNumber }

    /// How many steps are behind the build. Nil before any is known.
    var count: StepCount? { steps.count }

    /// - Parameter tell: gets each log line.
    mutating func take(_ bytes: ArraySlice<UInt8>, _ tell: (String) -> Void) {
        var rest = bytes
        while let end = Self.lineEnd(rest) {
            keep(rest[..<end])
            takeLine(tell)
            rest = rest[(end + 1)...]
        }
        keep(rest)
    }

    private static func lineEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress, let found = memchr(start, 0x0A, buffer.count) else { return nil }
            return bytes.startIndex + (UnsafeRawPointer(found) - start)
        }
    }

    /// - Parameter succeeded: then every step is behind it, known by name or not.
    mutating func finish(succeeded: Bool, _ tell: (String) -> Void) {
        if !line.isEmpty { takeLine(tell) }
        readUnread()
        steps.finish(succeeded: succeeded, &record, tell)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard line.count + bytes.count <= Self.maxLineBytes else {
            isLineTooLong = true
            line = []
            return
        }
        if !isLineTooLong { line += bytes }
    }

    private mutating func takeLine(_ tell: (String) -> Void) {
        let whole = line
        line = []
        defer { isLineTooLong = false }
        guard !isLineTooLong else { return }
        guard whole.first == UInt8(ascii: "{") else { return takeText(whole, tell) }
        if whole.starts(with: Self.logPrefix), !takesOutput(whole, tell) { return }
        readUnread()
        // One that is damaged tells nobody anything.
        guard let json = try? JSON.parse(whole) else { return }
        steps.take(RawStatus(json), &record, tell)
    }

    /// The client's own words.
    private mutating func takeText(_ bytes: [UInt8], _ tell: (String) -> Void) {
        readUnread()
        let raw = String(decoding: bytes, as: UTF8.self)
        let text = TerminalText.clean(raw)
        steps.endLooks(except: [], &record, tell)
        record.say(text)
        record.notePlace(text)
        tell(TerminalText.coloured(raw))
    }

    private mutating func takesOutput(_ bytes: [UInt8], _ tell: (String) -> Void) -> Bool {
        let wasEnough = outputBytes > maxOutputBytes
        outputBytes += bytes.count
        guard outputBytes > maxOutputBytes else { return true }
        if !wasEnough { tell("[the steps' further output is left out: it is more than \(maxOutputBytes >> 20) MiB]") }
        if unread.count == Self.maxUnreadLines { unread.removeFirst() }
        unread.append(bytes[...])
        return false
    }

    private mutating func readUnread() {
        guard !unread.isEmpty else { return }
        for bytes in unread {
            guard let json = try? JSON.parse(bytes) else { continue }
            steps.take(RawStatus(json), &record, { _ in })
        }
        unread = []
    }
}
