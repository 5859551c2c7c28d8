import Deploys
import Foundation
import Images
import TestSupport
import XCTest

final class DirectoryRemotesTests: XCTestCase {
    func testNamesAndOrganisations() async throws {
        try await withTemporaryDirectory { temporary in
            let root = temporary.resolvingSymlinksInPath().appending(path: "root")
            // The root may itself lie in a repository; its folders are none for that.
            _ = try await Repository(at: root)
            _ = try await Repository(at: root.appending(path: "cats"))
            _ = try await Repository(at: root.appending(path: "bare"), bare: true)
            _ = try await Repository(at: root.appending(path: "suffixed.git"), bare: true)
            _ = try await Repository(at: root.appending(path: "acme/dogs"))
            try FileManager.default.createDirectory(
                at: root.appending(path: "plain"), withIntermediateDirectories: true)
            let remotes = DirectoryRemotes(root: root, defaultOrganisation: "Iterate")
            for (organisation, name, path) in [
                ("iterate", "cats", "cats/.git"), ("iterate", "bare", "bare"),
                ("ITERATE", "suffixed", "suffixed.git"), ("acme", "dogs", "acme/dogs/.git"),
                ("acme", "cats", nil), ("iterate", "dogs", nil), ("iterate", "plain", nil),
                ("iterate", "", nil),
                ("iterate", "acme", nil), ("iterate", "acme/dogs", nil), ("iterate", "../root/cats", nil),
                ("..", "cats", nil), ("iterate", "cats\0", nil), ("iterate", ".git", nil),
            ] {
                let remote = remotes.remote(of: AppID(organisation: organisation, name: name))
                XCTAssertEqual(
                    remote?.url, path.map { root.appending(path: $0).path }, "\(organisation)/\(name)")
            }
        }
    }

    func testLinksMayNotLeaveTheRoot() async throws {
        try await withTemporaryDirectory { temporary in
            let top = temporary.resolvingSymlinksInPath()
            let root = top.appending(path: "root")
            let outside = try await Repository(at: top.appending(path: "outside"))
            let inside = try await Repository(at: root.appending(path: "inside"))
            let files = FileManager.default
            try files.createSymbolicLink(
                at: root.appending(path: "out"), withDestinationURL: outside.directory)
            try files.createSymbolicLink(at: root.appending(path: "in"), withDestinationURL: inside.directory)
            try files.createSymbolicLink(
                atPath: root.appending(path: "loop").path, withDestinationPath: "loop")
            try files.createDirectory(at: root.appending(path: "half"), withIntermediateDirectories: true)
            try files.createSymbolicLink(
                at: root.appending(path: "half/.git"),
                withDestinationURL: outside.directory.appending(path: ".git"))
            // The root itself may be reached through a link.
            let link = top.appending(path: "link")
            try files.createSymbolicLink(at: link, withDestinationURL: root)
            let remotes = DirectoryRemotes(root: link, defaultOrganisation: "iterate")
            func url(_ name: String) -> String? {
                remotes.remote(of: AppID(organisation: "iterate", name: name))?.url
            }
            XCTAssertEqual(url("inside"), inside.directory.path + "/.git")
            XCTAssertEqual(url("in"), inside.directory.path + "/.git")
            XCTAssertNil(url("out"))
            XCTAssertNil(url("half"))
            XCTAssertNil(url("loop"))
        }
    }
}
