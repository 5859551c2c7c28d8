import Crypto
import Foundation
import Glibc

/// Files and folders in a few bytes: their names, modes, links and contents. Times and owners don't count, as BuildKit
/// does not count them either. Nothing outside of the root is read.
struct TreeFingerprint {
    enum Problem: Error {
        /// A link leads to what is not looked at.
        case link
        /// Too much, or of a kind that no commit has.
        case unusual
        /// Nobody wants to know any more.
        case stopped
    }

    static let maxFiles = 200_000
    static let maxBytes = 8 << 30
    private static let maxDepth = 200
    private static let chunkBytes = 1 << 20

    /// Whether links are taken as they are; else they are a problem.
    private let takesLinks: Bool
    private let isStopped: () -> Bool
    private var listing: [UInt8] = []
    private var files = 0
    private var bytes = 0

    /// - Parameters:
    ///   - paths: relative to the root, without links in them; nil for all that there is.
    ///   - isStopped: asked again and again, for reading gigabytes takes a while.
    static func make(
        root: String, paths: [String]?, isStopped: @escaping () -> Bool = { false }
    ) throws(Problem) -> [UInt8] {
        var tree = TreeFingerprint(takesLinks: paths == nil, isStopped: isStopped)
        for path in paths ?? [""] { try tree.add(path, root: root) }
        return sha256(tree.listing)
    }

    private init(takesLinks: Bool, isStopped: @escaping () -> Bool) {
        self.takesLinks = takesLinks
        self.isStopped = isStopped
    }

    private mutating func add(_ path: String, root: String) throws(Problem) {
        var place = root
        let parts = path.split(separator: "/")
        for part in parts.dropLast() {
            place += "/" + part
            var status = stat()
            guard lstat(place, &status) == 0 else { break }
            if status.st_mode & S_IFMT == S_IFLNK { throw .link }
        }
        let whole = Array((parts.isEmpty ? root : root + "/" + path).utf8)
        try add(whole, shown: Array(path.utf8), depth: 0)
    }

    /// - Parameters:
    ///   - path: names may be no UTF-8.
    ///   - shown: relative to the root.
    private mutating func add(_ path: [UInt8], shown: [UInt8], depth: Int) throws(Problem) {
        files += 1
        if isStopped() { throw .stopped }
        guard files <= Self.maxFiles, depth <= Self.maxDepth else { throw .unusual }
        var status = stat()
        guard lstat(Self.string(path), &status) == 0 else {
            // BuildKit will say that it is missing.
            return list(shown, "missing", 0, [])
        }
        let mode = status.st_mode & 0o7777
        switch status.st_mode & S_IFMT {
        case S_IFREG: list(shown, "file", mode, try contents(path))
        case S_IFLNK:
            guard takesLinks else { throw .link }
            list(shown, "link", 0, try target(path))
        case S_IFDIR:
            list(shown, "folder", mode, [])
            for name in try names(path) {
                try add(path + [0x2F] + name, shown: shown.isEmpty ? name : shown + [0x2F] + name, depth: depth + 1)
            }
        default: throw .unusual
        }
    }

    /// Each part says how long it is, so that no two lists look alike.
    private mutating func list(_ path: [UInt8], _ kind: String, _ mode: mode_t, _ content: [UInt8]) {
        for part in [path, Array(kind.utf8), Array(String(mode, radix: 8).utf8), content] {
            listing += Array("\(part.count):".utf8) + part
        }
    }

    /// In the order of their bytes.
    private func names(_ path: [UInt8]) throws(Problem) -> [[UInt8]] {
        guard let folder = opendir(Self.string(path)) else { throw .unusual }
        defer { closedir(folder) }
        var names: [[UInt8]] = []
        while let entry = readdir(folder) {
            let length = Int(strlen(Self.name(entry)))
            let name = [UInt8](UnsafeRawBufferPointer(start: Self.name(entry), count: length))
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
            guard names.count <= Self.maxFiles else { throw .unusual }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> UnsafePointer<CChar> {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        return UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    }

    private func target(_ path: [UInt8]) throws(Problem) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(Self.string(path), &buffer, buffer.count)
        guard count >= 0, count < buffer.count else { throw .unusual }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }

    /// The digest of digests, piece by piece.
    private mutating func contents(_ path: [UInt8]) throws(Problem) -> [UInt8] {
        let file = open(Self.string(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw .unusual }
        defer { close(file) }
        var digests: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        while true {
            var filled = 0
            while filled < buffer.count {
                let count = buffer.withUnsafeMutableBytes {
                    read(file, $0.baseAddress?.advanced(by: filled), $0.count - filled)
                }
                if count < 0 && errno == EINTR { continue }
                guard count >= 0 else { throw .unusual }
                if count == 0 { break }
                filled += count
            }
            bytes += filled
            if isStopped() { throw .stopped }
            guard bytes <= Self.maxBytes else { throw .unusual }
            digests += sha256(filled == buffer.count ? buffer : Array(buffer.prefix(filled)))
            if filled < buffer.count { return sha256(digests) }
        }
    }

    /// As C takes it.
    private static func string(_ path: [UInt8]) -> [CChar] { (path + [0]).map { CChar(bitPattern: $0) } }
}
