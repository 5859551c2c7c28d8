import XCTest

@testable import Sandbox

/// What programs need besides themselves.
final class SharedLibrariesTests: XCTestCase {
    func testReadsWhatLddSays() {
        let listing = """
            \tlinux-vdso.so.1 (0x00007ffe)
            \tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f)
            \t/opt/lib/libown.so => /opt/lib/libown.so (0x1)
            \t/lib64/ld-linux-x86-64.so.2 (0x00007f)
            """
        XCTAssertEqual(SharedLibraries.parse(listing), [
            .library(name: "libz.so.1", path: "/lib/x86_64-linux-gnu/libz.so.1"),
            .library(name: "libown.so", path: "/opt/lib/libown.so"),
            .interpreter("/lib64/ld-linux-x86-64.so.2"),
        ])
    }
}
