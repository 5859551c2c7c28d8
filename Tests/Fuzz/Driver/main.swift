import CLibFuzzer
import Foundation

// fuzz --target=NAME [libFuzzer's arguments…], or fuzz --list, or fuzz --sizes

// libFuzzer leaves alone what begins with two dashes, and hands it on to the processes that it starts.

let arguments = CommandLine.arguments
if arguments.contains("--list") {
    print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
    exit(0)
}
if arguments.contains("--sizes") {
    var isLinear = true
    for sweep in SizeSweep.all {
        let slow = sweep.slowFragments(bytes: 1 << 20, maxSeconds: 2)
        print(slow.isEmpty ? "\(sweep.name): grows no faster than its input" : slow.joined(separator: "\n"))
        fflush(stdout)
        isLinear = isLinear && slow.isEmpty
    }
    exit(isLinear ? 0 : 1)
}

/// libFuzzer calls a plain C function, which can hold nothing.
enum Chosen {
    static let target = FuzzTarget.all.first { CommandLine.arguments.contains("--target=\($0.name)") }

    static func check(_ bytes: UnsafeBufferPointer<UInt8>) {
        do { try target?.check(Array(bytes)) } catch { fatalError("\(error)") }
    }
}
guard let target = Chosen.target else {
    print("There is no target of that name.")
    exit(64)
}

/// libFuzzer reads words from a file: one in quotes a line, anything but plain ASCII as `\xAB`.
func dictionary(of target: FuzzTarget) -> String {
    target.words.map { word in
        let escaped = word.utf8.map { byte -> String in
            let isPlain = (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            return isPlain ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\"" + escaped.joined() + "\"\n"
    }.joined()
}

var passed = [arguments[0], "-max_len=\(target.maxInputBytes)"] + arguments.dropFirst()
if !target.words.isEmpty {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(target.name)-words-\(getpid()).txt")
    try dictionary(of: target).write(to: file, atomically: true, encoding: .utf8)
    passed.append("-dict=\(file.path)")
}

// libFuzzer keeps the pointers until the process ends.
var count = Int32(passed.count)
let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: passed.count + 1)
for (index, argument) in passed.enumerated() { pointers[index] = strdup(argument) }
pointers[passed.count] = nil
var vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = pointers

exit(
    LLVMFuzzerRunDriver(&count, &vector) { bytes, count in
        Chosen.check(UnsafeBufferPointer(start: bytes, count: count))
        return 0
    })
