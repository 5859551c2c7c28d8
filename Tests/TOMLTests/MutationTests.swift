import TOML
import TestSupport
import XCTest

/// Damaged documents are read or refused, never a crash, and every place that is named exists.
final class MutationTests: XCTestCase {
    private let document = """
        # A comment with ø
        applings = ["frontend", 'backend']
        port = 3_000
        floats = [1.5e-3, -inf, nan, 0xFF, 0o7, 0b1]
        times = [1979-05-27T07:32:00.5Z, 1979-05-27 07:32:00, 1979-05-27, 07:32:00]
        a.b."c d".'e' = { f = "\\u00e5\\n", g = { h = true } }
        [env.common]
        TEXT = \"""
        several \\
          lines ""\"""
        RAW = '''
        it's \\raw'''
        [[files.common]]
        mount_path = "/app/🐈/"
        [[files.common]]
        secret = { name = "x", keys = [[], [1, 2]] }
        """

    func testEveryPrefix() {
        let bytes = Array(document.utf8)
        XCTAssertEqual(TOMLDocument(bytes).errors, [])
        for length in 0..<bytes.count { check(Array(bytes[..<length]), "prefix \(length)") }
    }

    func testRandomChanges() {
        let seed = UInt64.random(in: .min ... .max)
        print("MutationTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        let bytes = Array(document.utf8)
        let pieces: [[UInt8]] = [
            "[", "]", "{", "}", "\"", "'", "\"\"\"", "'''", "\\", "\n", "\r\n", "\r", "=", ".", ",",
            "#", "\0", "\u{FEFF}", "\u{A0}", "1", "_", "e", "-", ":", "T", "[[", "]]", "a",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]
        for round in 0..<3000 {
            var changed = bytes
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let start = Int.random(in: 0...changed.count, using: &random)
                let length = Int.random(in: 0...min(5, changed.count - start), using: &random)
                let piece = pieces.randomElement(using: &random) ?? []
                changed.replaceSubrange(start..<start + length, with: piece)
            }
            check(changed, "seed \(seed), round \(round)")
        }
    }

    func testRandomBytes() {
        let seed = UInt64.random(in: .min ... .max)
        print("MutationTests seed: \(seed)")
        var random = SeededRandom(seed: seed)
        let million = (0..<1_000_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        check(million, "seed \(seed)")
        for round in 0..<2000 {
            // Mostly punctuation, so that the reader gets further than the first byte.
            let alphabet = Array("[]{}\"'\\=.,#\n ae1-_:+T\r\t".utf8)
            let count = Int.random(in: 0..<60, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            check(bytes, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    func testInvalidUTF8IsNamedWithItsPlace() {
        let broken: [[UInt8]] = [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xE2, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xFF],
        ]
        for bytes in broken {
            let text = Array("a = 1\n# ø".utf8) + bytes + Array("\nb = 2".utf8)
            let errors = TOMLDocument(text).errors
            XCTAssertEqual(errors.map(\.position), [TOMLPosition(line: 2, column: 4)], "\(bytes)")
            XCTAssertTrue(errors.first?.message.contains("UTF-8") ?? false)
        }
        XCTAssertEqual(
            TOMLDocument([0xFF, 0xFE, 0x61, 0x00]).errors.map(\.description),
            ["1:1: the file is UTF-16; save it as UTF-8"])
    }

    private func check(_ bytes: [UInt8], _ context: @autoclosure () -> String) {
        let document = TOMLDocument(bytes)
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in line.lazy.filter { $0 & 0xC0 != 0x80 }.count }
        for error in document.errors {
            let (line, column) = (error.position.line, error.position.column)
            XCTAssert(
                line >= 1 && line <= lines.count && column >= 1 && column <= lines[line - 1] + 1,
                "\(context()): \(error) is outside the text")
            XCTAssertFalse(error.message.isEmpty, context())
            XCTAssertFalse(error.message.unicodeScalars.contains { $0.value < 0x20 }, context())
        }
        XCTAssertLessThanOrEqual(document.errors.count, TOMLDocument.maxErrors)
    }
}
