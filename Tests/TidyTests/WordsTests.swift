import XCTest

/// What people read stands in one folder of the domain, not in the middle of its logic.
final class WordsTests: XCTestCase {
    private static let minWords = 4

    func testSentencesOfTheDomainStandAmongItsWords() throws {
        var count = 0
        for file in try SourceFile.all(below: "Sources/Deploys") {
            let sentences = Self.sentences(in: file.text)
            if file.path.contains("/Words/") {
                count += sentences.count
                continue
            }
            for sentence in sentences {
                XCTFail("\(file.path):\(sentence.line): \"\(sentence.text)\" belongs into Sources/Deploys/Words")
            }
        }
        XCTAssertGreaterThan(count, 50, "the measure finds no sentences any more")
    }

    func testTheMeasureFindsSentencesOnly() {
        let source = #"""
            // "A comment says what it wants to."
            log.warning("the disk is full: \(name ?? "nobody knows its name.")")
            let short = "Not found."
            let path = "one/two three four"
            let named = "It belongs to \(owner(of: "one app"))."
            throw Failure("Is that the right one?", advice: "Do it again. Then ask ")
            let page = """
                Two lines of
                one text.
                """
            """#
        XCTAssertEqual(Self.sentences(in: source).map(\.line), [5, 6, 6, 7])
    }

    /// Words in plenty, and a mark that ends a sentence before a space or at the end.
    private static func sentences(in source: String) -> [LiteralScanner.Literal] {
        LiteralScanner.literals(in: source).filter { literal in
            let words = literal.text.split { $0 == " " || $0 == "\n" }
            return !literal.isLogged && words.count >= minWords
                && words.contains { $0.hasSuffix(".") || $0.hasSuffix("?") }
        }
    }
}
