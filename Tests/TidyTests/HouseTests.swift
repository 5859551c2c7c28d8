import Foundation
import XCTest

/// The rules of the house that a machine can check: see `Sources/README.md`.
final class HouseTests: XCTestCase {
    /// What each room may import besides Foundation and the system, from the top down.
    private static let arrows: [String: Set<String>] = [
        "iterapp": ["Sandbox", "Bot"],
        "Sandbox": ["Bot", "Deploys", "AppFile", "HTTP", "JSON", "SQLite", "Crypto", "Subprocess", "CLinux"],
        "Bot": [
            "Slack", "GitHub", "Web", "Kubernetes", "Images", "Addons", "Secrets", "Store", "Deploys", "AppFile", "TOML", "HTTP",
            "JSON", "CLinux",
        ],
        "Slack": ["Deploys", "HTTP", "JSON", "Crypto"],
        "GitHub": ["Deploys", "HTTP", "JSON", "Crypto"],
        "Web": ["Deploys", "HTTP", "JSON", "Crypto"],
        "Kubernetes": ["Deploys", "AppFile", "TOML", "HTTP", "DNS", "JSON", "YAML", "Crypto", "Subprocess"],
        "Images": ["Deploys", "AppFile", "HTTP", "JSON", "Crypto", "Subprocess", "CLinux"],
        "Secrets": ["Deploys", "AppFile", "Crypto"],
        "Addons": ["Deploys", "AppFile", "JSON", "Crypto", "Subprocess", "CLinux"],
        "Store": ["Deploys", "AppFile", "SQLite", "JSON", "Subprocess"],
        "Deploys": ["AppFile"],
        "AppFile": ["TOML", "JSON"],
        "TOML": [],
        "HTTP": ["CCurl", "CLinux"],
        "DNS": ["CResolver"],
        "SQLite": ["CSQLite"],
        "Crypto": ["COpenSSL"],
        "JSON": [],
        "YAML": ["JSON"],
        "Subprocess": ["CLinux"],
    ]
    private static let system: Set<String> = ["Foundation", "Dispatch", "Synchronization", "Glibc"]

    func testRoomsImportOnlyWhatLiesBelowThem() throws {
        var seen: Set<String> = []
        for file in try SourceFile.all(below: "Sources") {
            seen.insert(file.room)
            let allowed = try XCTUnwrap(Self.arrows[file.room], "\(file.path): no arrows are written down for \(file.room)")
            for module in file.imports where !allowed.contains(module) && !Self.system.contains(module) {
                XCTFail("\(file.path) imports \(module), which \(file.room) may not")
            }
        }
        XCTAssertEqual(seen, Set(Self.arrows.keys), "the arrows and the rooms differ")
    }

    func testTheDomainKnowsNoTechnology() throws {
        for file in try SourceFile.all(below: "Sources/Deploys") {
            let foreign = file.imports.subtracting(["Foundation", "Synchronization", "AppFile"])
            XCTAssertTrue(foreign.isEmpty, "\(file.path) imports \(foreign)")
        }
    }

    /// Subprocess hands the environment on to programs, where it is told to.
    func testOnlyTheBotReadsTheEnvironment() throws {
        for file in try SourceFile.all(below: "Sources") where file.room != "Bot" && file.room != "Subprocess" {
            XCTAssertFalse(
                file.text.contains("ProcessInfo.processInfo.environment") || file.text.contains("getenv("),
                "\(file.path) reads the environment")
        }
    }

    func testVisibleTopLevelEntriesAreTheAgreedOnes() throws {
        let root = SourceFile.root
        let visible = try FileManager.default.contentsOfDirectory(atPath: root.path).filter { !$0.hasPrefix(".") }
        // A resolved package list and what a demo or a service leaves behind are ignored by Git.
        let passing: Set = ["Package.resolved", "iterapp-demo", "state"]
        XCTAssertEqual(
            Set(visible).subtracting(passing),
            ["Package.swift", "Sources", "Tests", "slack-manifest.json", "Dockerfile", "README.md"])
    }

    func testThePackageHasNoDependencies() throws {
        let manifest = try String(contentsOf: SourceFile.root.appending(path: "Package.swift"), encoding: .utf8)
        XCTAssertFalse(manifest.contains(".package("), "Package.swift names a package")
    }
}
