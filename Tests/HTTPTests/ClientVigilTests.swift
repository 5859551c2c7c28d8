import XCTest

@testable import HTTP

final class ClientVigilTests: XCTestCase {
    func testLooksAtOnceAndThenEverMoreRarely() {
        let vigil = HTTPClientVigil()
        var waits: [Int32] = []
        for _ in 0..<12 {
            waits.append(vigil.millisecondsToNextLook)
            vigil.goOn()
        }
        XCTAssertEqual(waits, [0, 1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 65_536, 65_536])
        vigil.begin()
        XCTAssertEqual(vigil.millisecondsToNextLook, 0)
    }
}
