import Foundation
import JSON

/// The `status.conditions` list that most kinds have.
struct Conditions: Equatable {
    private(set) var items: [JSON]

    init(_ json: JSON?) { items = json?.array ?? [] }

    subscript(type: String) -> JSON? { items.first { $0["type"]?.string == type } }

    func isTrue(_ type: String) -> Bool { self[type]?["status"]?.string == "True" }

    /// Puts a condition at the end of the list, as the Deployment controller does. Nothing changes when
    /// status and reason are as they were; the time of transition stays when the status is.
    /// - Parameter extraTime: a second time that the kind's conditions have.
    mutating func set(
        _ type: String, _ status: String, _ reason: String, _ message: String, now: String,
        extraTime: String? = "lastUpdateTime"
    ) {
        let old = self[type]
        if old?["status"]?.string == status, old?["reason"]?.string == reason { return }
        replace(type, status, reason, message, now: now, extraTime: extraTime)
    }

    /// As `set`, but counts as an update even when status and reason are as they were.
    mutating func replace(
        _ type: String, _ status: String, _ reason: String, _ message: String, now: String,
        extraTime: String? = "lastUpdateTime"
    ) {
        let old = self[type]
        remove(type)
        let transition = old?["status"]?.string == status ? old?["lastTransitionTime"] : nil
        var condition: JSON = [
            "type": .string(type), "status": .string(status), "reason": .string(reason),
            "message": .string(message), "lastTransitionTime": transition ?? .string(now),
        ]
        if let extraTime { condition[extraTime] = .string(now) }
        items.append(condition)
    }

    mutating func remove(_ type: String) {
        items.removeAll { $0["type"]?.string == type }
    }

    /// Whether two lists say the same, whenever they began to.
    static func same(_ left: JSON?, _ right: JSON?) -> Bool {
        func untimed(_ json: JSON?) -> [JSON] {
            Conditions(json).items.map { item in
                var item = item
                item["lastTransitionTime"] = nil
                return item
            }
        }
        return untimed(left) == untimed(right)
    }

    var json: JSON { .array(items) }
}
