import JSON

/// Why a method of the Web API did not do what was asked: an answer with status 200 and `ok: false`.
package struct SlackRefusal: Error, Equatable {
    let code: String
    /// Further members of the answer.
    let members: [String: JSON]

    package init(_ code: String, _ members: [String: JSON] = [:]) {
        self.code = code
        self.members = members
    }

    /// - Parameter details: what is wrong, each with a JSON pointer where there is one.
    init(_ code: String, details: [String]) {
        self.init(code, [
            "errors": .array(details.map(JSON.string)),
            "response_metadata": ["messages": .array(details.map { .string("[ERROR] \($0)") })],
        ])
    }

    var answer: JSON {
        .object(members.merging(["ok": false, "error": .string(code)]) { _, ours in ours })
    }
}
