import Foundation

/// What somebody wants of the program that fuzzes.
enum FuzzOrder {
    case list
    case sizes
    case unknown
    /// With libFuzzer's arguments, its own name first.
    case fuzz(FuzzTarget, arguments: [String])

    /// How many bytes an input of the sweep over sizes has, and how long it may take, in seconds.
    private static let (sweptBytes, sweptSeconds) = (1 << 20, 2.0)

    /// libFuzzer leaves alone what begins with two dashes, and hands it on to the processes that it starts.
    init(_ arguments: [String]) {
        if arguments.contains("--list") {
            self = .list
        } else if arguments.contains("--sizes") {
            self = .sizes
        } else if let target = FuzzTarget.all.first(where: { arguments.contains("--target=\($0.name)") }) {
            self = .fuzz(target, arguments: Self.arguments(of: target) + arguments.dropFirst())
        } else {
            self = .unknown
        }
    }

    /// - Returns: the exit code.
    func runAlone() -> Int32 {
        switch self {
        case .list:
            print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
            return 0
        case .sizes: return Self.sweep() ? 0 : 1
        case .unknown, .fuzz:
            print("There is no target of that name.")
            return 64
        }
    }

    func check(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard case .fuzz(let target, _) = self else { return }
        do { try target.check(Array(bytes)) } catch { fatalError("\(error)") }
    }

    /// - Returns: whether no reader's time grows faster than what it reads.
    private static func sweep() -> Bool {
        var isLinear = true
        for sweep in SizeSweep.all {
            let slow = sweep.slowFragments(bytes: sweptBytes, maxSeconds: sweptSeconds)
            print(slow.isEmpty ? "\(sweep.name): grows no faster than its input" : slow.joined(separator: "\n"))
            fflush(nil)
            isLinear = isLinear && slow.isEmpty
        }
        return isLinear
    }

    private static func arguments(of target: FuzzTarget) -> [String] {
        let own = [CommandLine.arguments[0], "-max_len=\(target.maxInputBytes)"]
        guard !target.words.isEmpty else { return own }
        let file = FileManager.default.temporaryDirectory.appending(path: "\(target.name)-words-\(getpid()).txt")
        do { try dictionary(of: target).write(to: file, atomically: true, encoding: .utf8) } catch { return own }
        return own + ["-dict=\(file.path)"]
    }

    /// libFuzzer reads words from a file: one in quotes a line, anything but plain ASCII as `\xAB`.
    private static func dictionary(of target: FuzzTarget) -> String {
        target.words.map { word in
            let escaped = word.utf8.map { byte -> String in
                let isPlain = (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
                return isPlain ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return "\"" + escaped.joined() + "\"\n"
        }.joined()
    }
}
