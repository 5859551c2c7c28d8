import TOML
import XCTest

@testable import AppFile

/// Every key that the checker knows is used by a golden repository, so that what it becomes is written down.
final class KeyCoverageTests: XCTestCase {
    func testEveryKeyIsInAGolden() throws {
        var used: Set<String> = []
        for repository in try GoldenRepository.all() where try !repository.environments().isEmpty {
            for table in try repository.tables() { Self.collect(table, Keys.all, "", into: &used) }
        }
        let known = Keys.all.flatMap { Self.paths(of: $0.shape, $0.name) }
        XCTAssertEqual(known.filter { !used.contains($0) }, [], "no golden repository uses these keys")
        XCTAssertGreaterThan(known.count, 50)
    }

    func testGoldensShowAtLeast25Repositories() throws {
        XCTAssertGreaterThanOrEqual(try GoldenRepository.all().count, 25)
    }

    /// `cronjobs.*.schedule`, `env.*.*{secret}`: `*` stands for names that the author chooses.
    private static func paths(of shape: Key.Shape, _ path: String) -> [String] {
        switch shape {
        case .table(let keys), .tables(let keys, _):
            [path] + keys.flatMap { paths(of: $0.shape, "\(path).\($0.name)") }
        case .named(_, let inner): paths(of: inner, "\(path).*")
        case .variable: forms.map { path + $0 }
        default: [path]
        }
    }

    private static let forms = ["", "{secret}", "{encrypted}"]

    private static func collect(_ table: TOMLTable, _ keys: [Key], _ path: String, into used: inout Set<String>) {
        for entry in table.entries {
            guard let key = keys.first(where: { $0.name == entry.name }) else { continue }
            collect(entry.value, key.shape, path + key.name, into: &used)
        }
    }

    private static func collect(_ value: TOMLValue, _ shape: Key.Shape, _ path: String, into used: inout Set<String>) {
        switch shape {
        case .table(let keys), .tables(let keys, _):
            used.insert(path)
            for table in value.array?.compactMap(\.table) ?? [value.table].compactMap({ $0 }) {
                collect(table, keys, path + ".", into: &used)
            }
        case .named(_, let inner):
            for entry in value.table?.entries ?? [] { collect(entry.value, inner, "\(path).*", into: &used) }
        case .variable:
            let form = value.table?.entries.first { $0.name != "key" }.map { "{\($0.name)}" }
            used.insert(path + (form ?? ""))
        default: used.insert(path)
        }
    }
}
