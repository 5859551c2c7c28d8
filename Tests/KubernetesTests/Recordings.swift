import Foundation
import JSON
import XCTest

/// Answers that a real API server (1.36) gave, without what the tests do not read.
enum Recordings {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/recordings")

    static func json(_ name: String) throws -> JSON {
        try JSON.parse(Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func items(_ name: String) throws -> [JSON] {
        try XCTUnwrap(json(name)["items"]?.array)
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// Status, fields and body of an answer as curl recorded it.
    static func answer(_ name: String) throws -> (status: Int, fields: [String: String], body: [UInt8]) {
        let text = String(decoding: try bytes(name), as: UTF8.self)
        let end = try XCTUnwrap(text.range(of: "\r\n\r\n"))
        let head = text[..<end.lowerBound].components(separatedBy: "\r\n")
        var fields: [String: String] = [:]
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let status = try XCTUnwrap(Int(head[0].split(separator: " ")[1]))
        return (status, fields, Array(text[end.upperBound...].utf8))
    }
}
