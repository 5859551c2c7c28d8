import Foundation

/// A busybox that needs no libraries: all that the sample's image holds besides its page.
enum StaticBusybox {
    static func find() throws -> URL {
        let candidates = ["/bin/busybox", "/usr/bin/busybox", "/usr/local/bin/busybox"].map { URL(filePath: $0) }
        guard let found = candidates.first(where: isStatic) else {
            throw DemoError(
                "The sample app needs a static busybox, which is not on this machine: "
                    + "install it with `apt-get install busybox-static`.")
        }
        return found
    }

    /// A 64-bit ELF file without an interpreter segment (elf(5), PT_INTERP) starts without a dynamic linker.
    private static func isStatic(_ file: URL) -> Bool {
        guard let data = try? Data(contentsOf: file, options: .mappedIfSafe), data.count > 64,
            data.prefix(5).elementsEqual([0x7F, 0x45, 0x4C, 0x46, 2])
        else { return false }
        func number(at offset: Int, bytes: Int) -> Int {
            (0..<bytes).reduce(0) { $0 | Int(data[offset + $1]) << (8 * $1) }
        }
        let (start, size, count) = (number(at: 32, bytes: 8), number(at: 54, bytes: 2), number(at: 56, bytes: 2))
        guard start >= 0, start + size * count <= data.count, size >= 4 else { return false }
        let interpreter = 3
        return !(0..<count).contains { number(at: start + size * $0, bytes: 4) == interpreter }
    }
}
