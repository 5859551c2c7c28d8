import Foundation
import TestSupport

/// What is done to the service from one start to the next kill. It follows from the seed alone.
struct Life {
    enum Deed {
        case deploy(app: String, environment: String)
        case build(app: String)
        case register
        case deregister
        case push(app: String)
    }

    struct Act {
        let deed: Deed
        /// After the start, or after the service is ready.
        let afterMilliseconds: Int
        /// The same once more a moment later, though it was answered: networks do so, and people redeliver webhooks.
        let isRepeated: Bool
        /// Whether its sender asks again in the next life when there was no answer.
        let isPersistent: Bool
    }

    /// A write that ends it before its time.
    struct Fault {
        let point: Int
        let mode: FaultMode
    }

    /// In the middle of a call of the service's: when it was sent, or when it was taken and not answered yet.
    struct Call {
        let method: String
        let isTaken: Bool
    }

    /// Whether the service is killed while it starts.
    let diesYoung: Bool
    /// Nil for a kill that waits for no call of Slack's API.
    let call: Call?
    /// Nil for a kill at an instant.
    let fault: Fault?
    let killAfterMicroseconds: Int
    let acts: [Act]

    static let steadyApps = ["cats", "dogs", "owls"]
    /// Is registered and deregistered all the time.
    static let fickleApp = "moths"
    private static let environments = ["test", "prod", "snap0", "snap1", "snap2"]
    private static let maxStartMicroseconds = 500_000
    private static let maxLifeMicroseconds = 1_200_000
    /// Of the writes of a start and about a second of work.
    private static let maxFaultPoint = 400

    init(_ random: inout SeededRandom) {
        diesYoung = Int.random(in: 0..<5, using: &random) == 0
        let limit = diesYoung ? Self.maxStartMicroseconds : Self.maxLifeMicroseconds
        killAfterMicroseconds = Int.random(in: 0...limit, using: &random)
        let isSpoilt = Int.random(in: 0..<3, using: &random) == 0
        fault = isSpoilt
            ? Fault(
                point: Int.random(in: 1...Self.maxFaultPoint, using: &random),
                mode: Int.random(in: 0..<3, using: &random) == 0 ? .half : .power) : nil
        let waits = Int.random(in: 0..<3, using: &random) == 0
        call = waits && !diesYoung
            ? Call(
                method: Int.random(in: 0..<4, using: &random) == 0 ? "chat.update" : "chat.postMessage",
                isTaken: Bool.random(using: &random)) : nil
        acts = Self.acts(diesYoung: diesYoung, endMilliseconds: killAfterMicroseconds / 1_000, &random)
    }

    private static func acts(diesYoung: Bool, endMilliseconds end: Int, _ random: inout SeededRandom) -> [Act] {
        var count = diesYoung ? Int.random(in: 0...1, using: &random) : Int.random(in: 1...4, using: &random)
        // Sometimes many write at once.
        if Int.random(in: 0..<8, using: &random) == 0 { count += 5 }
        return (0..<count).map { _ in
            // Some arrive in the very last moments.
            let isLate = Bool.random(using: &random)
            let moment = isLate
                ? max(0, end - Int.random(in: 0...8, using: &random)) : Int.random(in: 0...end, using: &random)
            return Act(
                deed: deed(&random), afterMilliseconds: moment,
                isRepeated: Int.random(in: 0..<6, using: &random) == 0, isPersistent: Bool.random(using: &random))
        }
    }

    private static func deed(_ random: inout SeededRandom) -> Deed {
        let app = steadyApps.randomElement(using: &random) ?? "cats"
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9: return .deploy(app: app, environment: environments.randomElement(using: &random) ?? "test")
        case 9..<12: return .build(app: app)
        case 12..<16: return .push(app: app)
        case 16: return .deploy(app: fickleApp, environment: "test")
        case 17, 18: return .register
        default: return .deregister
        }
    }
}
