import Deploys

/// A path below `/operations/`, taken apart: `/operations/12/1767225600-4f…/events`.
struct LogAddress: Equatable {
    enum Part: String { case page = "", events, raw }

    let operation: OperationID
    /// `{until}-{code}` of a link; nil for people who are signed in.
    let link: String?
    let part: Part

    /// Nil for a path that names no operation.
    init?(_ path: String) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard parts.popFirst() == "", parts.popFirst() == "operations", let digits = parts.popFirst(),
            (1...18).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(digits), String(number) == digits
        else { return nil }
        operation = OperationID(number)
        link = parts.first.flatMap { $0.contains("-") ? String($0) : nil }
        if link != nil { parts.removeFirst() }
        guard parts.count <= 1, parts.first != "", let part = Part(rawValue: parts.first.map(String.init) ?? "") else {
            return nil
        }
        self.part = part
    }

    /// For people who are signed in.
    init(_ operation: OperationID, _ part: Part) {
        self.operation = operation
        self.part = part
        link = nil
    }

    var path: String { part == .page ? page : "\(page)/\(part.rawValue)" }

    /// Where its page is; the other parts are below it.
    var page: String { "/operations/\(operation)" + (link.map { "/\($0)" } ?? "") }
}
