import Foundation

@testable import AppFile
@testable import Deploys
@testable import GitHub
@testable import HTTP
@testable import Images
@testable import JSON
@testable import Slack
@testable import TOML
@testable import Web
@testable import YAML

/// A reader of what others wrote, and whether the time that it takes grows no faster than what it reads.
struct SizeSweep: Sendable {
    let name: String
    let read: @Sendable ([UInt8]) -> Void

    private init(_ name: String, _ read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.read = read
    }

    private init(text name: String, _ read: @escaping @Sendable (String) -> Void) {
        self.init(name) { read(String(decoding: $0, as: UTF8.self)) }
    }

    static let all = [
        SizeSweep("TOML") { _ = TOMLDocument($0) },
        SizeSweep("JSON") { _ = try? JSON.parse($0) },
        SizeSweep("a selection of JSON") { _ = try? JSON.parse($0, only: WebhookEvent.push.selection) },
        SizeSweep("YAML") { _ = try? YAML.parse($0) },
        SizeSweep("a form") { _ = FormFields($0) },
        SizeSweep("a chunked body") { bytes in
            var decoder = ChunkedDecoder(HTTPServerSettings(), maxBodyBytes: 4 << 20)
            var (position, body) = (0, [UInt8]())
            _ = try? decoder.decode(bytes.span, from: &position, into: &body)
        },
        SizeSweep("what buildctl writes") { bytes in
            var progress = RawProgress()
            for start in stride(from: 0, to: bytes.count, by: 4_096) { progress.take(bytes[start..<min(bytes.count, start + 4_096)]) { _ in } }
            progress.finish(succeeded: false) { _ in }
        },
        SizeSweep(text: "a command") { _ = try? CommandParser(defaultOrganisation: "iterate").parse($0) },
        SizeSweep(text: "a mention") { _ = MessageText.mention(in: $0, botID: "U0BOT00001") },
        SizeSweep(text: "a message to the bot") { _ = MessageText.command($0) },
        SizeSweep(text: "a window's memory") { _ = WindowMemory($0) },
        SizeSweep(text: "a token of identity") { _ = IDToken($0)?.person },
        SizeSweep(text: "words in Slack") { _ = (Mrkdwn.words($0), Mrkdwn.sentence($0), Mrkdwn.code($0), Mrkdwn.neutral($0)) },
        SizeSweep(text: "escapes for Slack") { _ = (Mrkdwn.escaped($0), Mrkdwn.unescaped($0)) },
        SizeSweep(text: "an excerpt of a log") { _ = LogExcerpt($0.split(whereSeparator: \.isNewline).map(String.init), maxUnits: 2_000) },
        SizeSweep(text: "a line of a log") { _ = (LogText.line($0), LogText.plain($0)) },
        SizeSweep(text: "what is printed for terminals") { _ = (TerminalText.clean($0), TerminalText.coloured($0)) },
        SizeSweep(text: "what may hold a secret") { _ = SecretMask.shapes.masked($0) },
        SizeSweep(text: "text in a page") { _ = HTML.escaped($0) },
        SizeSweep(text: "text on GitHub") { _ = (CommitMarkdown.paragraph($0, maxScalars: 1_000), CommitMarkdown.codeBlock([$0])) },
        SizeSweep(text: "a Dockerfile") { _ = (DockerfileInstruction.read($0), DockerfileLines.line(of: "RUN make", in: $0)) },
        SizeSweep(text: "small texts") { text in
            _ = (try? SealedValue(text), CronSchedule(text), Revision(text), AppID(parsing: text, defaultOrganisation: "a"))
            _ = (LogPosition(text), LogAddress(text), Control(text), quoted(text), CommitID(text), EnvironmentName(parsing: text))
        },
    ]

    /// What a hostile text is made of, over and over.
    private static let fragments = Set(FuzzTarget.all.flatMap(\.words)).sorted() + [
        "[", "{", "<", "<@", "(", "\"", "'", "`", "\\", "a", " ", "\t", "\n", "\r\n", "0", "_", "-", ".", ",", ":", "#", "=", "&", "%", "*", "~",
        "a.", "a = 1\n", "[a]\n", "a: 1\n", "- a\n", "\"a\":", "\"a\",", "[1,", "&a=b", "%41", "🇦", "👨\u{200D}", "\u{301}", "\u{D4E}", "e\u{301}",
        "שלום", "\u{2068}", "\u{1B}[", "x-", "x\u{1B}", "0;", "1\r\na\r\n", "\u{0}",
    ]

    /// What took too long; empty when all is well.
    func slowFragments(bytes: Int, maxSeconds: Double) -> [String] {
        Self.fragments.compactMap { fragment in
            // Whatever else the machine does takes time as well: what is slow is slow three times.
            var slow: (small: Double, large: Double)?
            for _ in 1...3 {
                let (small, large) = (seconds(fragment, bytes / 4), seconds(fragment, bytes))
                // A sixteenth of a second is noise; what is four times as long may take eight times as much.
                guard large > maxSeconds || (large > 0.06 && large > small * 8) else { return nil }
                slow = (small, large)
            }
            return slow.map {
                "\(name): \(fragment.debugDescription) takes \($0.large) s for \(bytes) bytes, and \($0.small) s for a quarter"
            }
        }
    }

    /// Of the processor, to read a text of one fragment over and over.
    private func seconds(_ fragment: String, _ bytes: Int) -> Double {
        let once = Array(fragment.utf8)
        var text = Array(repeatElement(once, count: bytes / once.count).joined())
        // Some readers look at pairs of quotes or brackets only when there is an end.
        text += Array("\"'`>]})=x\n".utf8)
        let began = Self.processorSeconds
        read(text)
        return Self.processorSeconds - began
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
