import Foundation
import HTTP
import JSON

/// A call's arguments, however they came: as JSON, as a form, or in the query (docs.slack.dev, "Using the Slack Web
/// API").
struct SlackArguments: Sendable {
    let values: [String: JSON]
    /// What Slack remarks about a call that it takes.
    let warning: String?

    /// - Parameter takesJSON: methods that only read take no JSON; they then see no arguments.
    init(_ request: HTTPRequest, takesJSON: Bool) throws(SlackRefusal) {
        var values: [String: JSON] = [:]
        var warning: String?
        for item in URLComponents(string: "?" + (request.query ?? "").replacing("+", with: "%20"))?.queryItems ?? [] {
            values[item.name] = .string(item.value ?? "")
        }
        if request.method == "POST", !request.body.isEmpty {
            let type = request.headers["Content-Type"]?.lowercased() ?? ""
            if type.hasPrefix("application/json") {
                guard let json = try? JSON.parse(request.body) else { throw SlackRefusal("invalid_json") }
                guard let members = json.object else { throw SlackRefusal("json_not_object") }
                if takesJSON { values.merge(members) { _, body in body } }
                if !type.contains("charset") { warning = "missing_charset" }
            } else if type.hasPrefix("application/x-www-form-urlencoded") {
                values.merge(try Self.form(request.body)) { _, body in body }
            } else {
                throw SlackRefusal(type.isEmpty ? "missing_post_type" : "invalid_post_type")
            }
        }
        self.values = values
        self.warning = warning
    }

    private static func form(_ body: [UInt8]) throws(SlackRefusal) -> [String: JSON] {
        let text = String(decoding: body, as: UTF8.self).replacing("+", with: "%20")
        var fields: [String: JSON] = [:]
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(halves[0]).removingPercentEncoding,
                let value = halves.count > 1 ? String(halves[1]).removingPercentEncoding : ""
            else { throw SlackRefusal("invalid_form_data") }
            fields[name] = .string(value)
        }
        return fields
    }

    /// Nil when it is not there, or null.
    private func value(_ name: String) -> JSON? { values[name].flatMap { $0.isNull ? nil : $0 } }

    func string(_ name: String) throws(SlackRefusal) -> String? {
        guard let value = value(name) else { return nil }
        guard let string = value.string else { throw Self.mistyped(name, "string") }
        return string
    }

    /// A time, which may also come as a number.
    func time(_ name: String) throws(SlackRefusal) -> String? {
        switch value(name) {
        case .int(let seconds): String(seconds)
        case .double(let seconds): String(seconds)
        default: try string(name)
        }
    }

    /// Refuses an empty one, too.
    func required(_ name: String) throws(SlackRefusal) -> String {
        guard let string = try string(name), !string.isEmpty else { throw Self.missing(name) }
        return string
    }

    func flag(_ name: String) throws(SlackRefusal) -> Bool? {
        switch value(name) {
        case nil: return nil
        case .bool(let flag): return flag
        case .string("1"), .string("true"), .string("True"), .int(1): return true
        case .string("0"), .string("false"), .string("False"), .string(""), .int(0): return false
        default: throw Self.mistyped(name, "boolean")
        }
    }

    func integer(_ name: String) throws(SlackRefusal) -> Int? {
        guard let value = value(name), value != "" else { return nil }
        guard let integer = value.int ?? value.string.flatMap({ Int($0) }) else {
            throw Self.mistyped(name, "integer")
        }
        return integer
    }

    /// A value that may also come as JSON inside a string, as it must in forms.
    /// - Parameter error: what a string that is no JSON is refused with.
    func json(_ name: String, orElse error: String) throws(SlackRefusal) -> JSON? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { return value }
        if text.isEmpty { return nil }
        guard let parsed = try? JSON.parse(text) else { throw SlackRefusal(error) }
        return parsed
    }

    static func missing(_ name: String) -> SlackRefusal {
        SlackRefusal("invalid_arguments", details: ["missing required field: \(name)"])
    }

    private static func mistyped(_ name: String, _ type: String) -> SlackRefusal {
        SlackRefusal("invalid_arguments", details: ["must be a \(type) [json-pointer:/\(name)]"])
    }
}
