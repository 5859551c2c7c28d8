import Foundation

enum DiskUsage {
    /// Bytes that a file, or a folder with all in it, takes on the disk. Links count as themselves; what vanishes
    /// meanwhile, or can't be looked at, counts nothing.
    static func bytes(at path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        let own = Int64(status.st_blocks) * bytesPerBlock
        guard status.st_mode & S_IFMT == S_IFDIR else { return own }
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return entries.reduce(own) { $0 + bytes(at: path + "/" + $1) }
    }

    /// The unit of `st_blocks` on Linux, whatever the file system's own blocks are (stat(3type)).
    private static let bytesPerBlock: Int64 = 512
}

extension Int64 {
    /// As people read sizes: `10 GiB`, `1.5 GiB`, `300 MiB`.
    var asBytes: String {
        let mebibytes = Double(self) / Double(1 << 20)
        let (number, unit) = mebibytes < 1024 ? (mebibytes, "MiB") : (mebibytes / 1024, "GiB")
        let rounded = (number * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded)) \(unit)" : "\(rounded) \(unit)"
    }
}
