import CLibFuzzer
import Foundation

// fuzz --target=NAME [libFuzzer's arguments…], or fuzz --list, or fuzz --sizes

// What libFuzzer is not needed for stands in FuzzOrder, which is compiled with the tests, too.

/// libFuzzer calls a plain C function, which can hold nothing.
enum Chosen {
    static let order = FuzzOrder(CommandLine.arguments)
}

switch Chosen.order {
case .list, .sizes, .unknown: exit(Chosen.order.runAlone())
case .fuzz(_, let arguments):
    // libFuzzer keeps the pointers until the process ends.
    var count = Int32(arguments.count)
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
    for (index, argument) in arguments.enumerated() { pointers[index] = strdup(argument) }
    pointers[arguments.count] = nil
    var vector: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = pointers
    exit(
        LLVMFuzzerRunDriver(&count, &vector) { bytes, count in
            Chosen.order.check(UnsafeBufferPointer(start: bytes, count: count))
            return 0
        })
}
