import Foundation
import HTTP

/// A file of header fields, one `Name: value` a line (RFC 9110, sections 5.1 and 5.5). Values are secrets: no error
/// shows any part of a line.
struct HeaderFile: Sendable {
    let path: String

    static let maxFileBytes = 256 << 10

    func read() throws(InputProblem) -> HTTPHeaders {
        let bytes = try contents()
        var headers = HTTPHeaders()
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.isEmpty { continue }
            switch Self.field(line) {
            case .success(let field): headers.add(field.name, field.value)
            case .failure(let fault):
                throw InputProblem("Line \(index + 1) of \(path) is no header: \(fault.rawValue).")
            }
        }
        return headers
    }

    private enum Fault: String, Error {
        case colon = "write `Name: value`"
        case name = "before the colon must be a name of letters, digits, `-` and `_`, without spaces"
        case ours = "the length and coding of a body are set by the caller itself"
        case control = "its value contains a control character"
        case text = "it is not UTF-8"
    }

    private static func field(_ line: ArraySlice<UInt8>) -> Result<(name: String, value: String), Fault> {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return .failure(.colon) }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(isTokenCharacter) else { return .failure(.name) }
        var value = line[(colon + 1)...]
        value = value.drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return .failure(.control) }
        guard let text = String(validating: value, as: UTF8.self) else { return .failure(.text) }
        let field = String(decoding: name, as: UTF8.self)
        guard !["content-length", "transfer-encoding", "expect"].contains(field.lowercased()) else {
            return .failure(.ours)
        }
        return .success((field, text))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// RFC 9110, section 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private func contents() throws(InputProblem) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(errno) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.maxFileBytes + 1)
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if more < 0 && errno == EINTR { continue }
            guard more >= 0 else { throw unreadable(errno) }
            if more == 0 { return Array(bytes[..<count]) }
            count += more
        }
        throw InputProblem("\(path) is larger than \(Self.maxFileBytes) bytes, the most that headers may have.")
    }

    private func unreadable(_ code: Int32) -> InputProblem {
        InputProblem("The headers cannot be read from \(path): \(String(cString: strerror(code))).")
    }
}
