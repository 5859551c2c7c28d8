import Foundation
import TestSupport
import XCTest

@testable import Sandbox

final class DirectoryLockTests: XCTestCase {
    func testTheSecondDemoIsToldWhoIsThere() async throws {
        try await withTemporaryDirectory { folder in
            let first = try DirectoryLock(folder)
            XCTAssertThrowsError(try DirectoryLock(folder)) { error in
                XCTAssertEqual(
                    "\(error)",
                    "A demo runs in \(folder.path) already (process \(getpid())): "
                        + "end it, or name another folder with --dir.")
            }
            first.unlock()
            try DirectoryLock(folder).unlock()
        }
    }

    func testAFolderThatCannotBeUsedIsNamed() {
        XCTAssertThrowsError(try DirectoryLock(URL(filePath: "/proc"))) { error in
            XCTAssertTrue("\(error)".hasPrefix("The folder /proc can't be used (/proc/lock: "), "\(error)")
        }
    }
}
