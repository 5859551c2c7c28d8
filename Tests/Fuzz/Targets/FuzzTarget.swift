/// One entrance for what others wrote, with everything that must hold whatever comes in.
///
/// libFuzzer (`Tests/Fuzz/run`) looks for bytes that break it; what it has learnt is kept in `Corpus`, a file for each
/// target, and tried by the ordinary tests.
struct FuzzTarget: Sendable {
    /// As in `Tests/Fuzz/run NAME`, and the name of its file.
    let name: String
    /// Longer inputs find nothing that these don't, and are slow.
    let maxInputBytes: Int
    /// Words of the input's language, which chance would hardly find.
    let words: [String]
    /// Throws `Complaint` when something does not hold; traps when it is worse.
    let check: @Sendable ([UInt8]) throws -> Void

    init(
        _ name: String, maxInputBytes: Int = 4_096, words: [String] = [], check: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.maxInputBytes = maxInputBytes
        self.words = words
        self.check = check
    }

    static let all = [
        httpRequest, chunkedBody, httpAnswer, answerHead, toml, appFile, form, json, selectedJSON, yaml, command, message,
        slackPayload, githubPayload, sealedValue, logText, buildProgress, schedule,
    ]
}

/// What should have held.
struct Complaint: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func require(_ holds: Bool, _ complaint: @autoclosure () -> String) throws {
    guard holds else { throw Complaint(complaint()) }
}

func requireEqual<Value: Equatable>(_ left: Value, _ right: Value, _ complaint: @autoclosure () -> String) throws {
    guard left != right else { return }
    throw Complaint("\(complaint())\nfirst:  \(left)\nsecond: \(right)")
}
